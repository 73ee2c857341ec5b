"""Access lists as the server prints them, read as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.catalog.privileges import LETTERS, PUBLIC, decode

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(lambda name: name != PUBLIC)
HELD = st.sets(st.tuples(st.sampled_from(sorted(LETTERS)), st.sampled_from(("", "*"))), min_size=1)


def printed(role: str) -> str:
    """Return a role as aclitemout prints it."""
    return role if role.isascii() and role.replace("_", "a").isalnum() else '"' + role.replace('"', '""') + '"'


def array(items: list[str]) -> str:
    """Return an array as array_out prints it."""
    quoted = (item.replace("\\", "\\\\").replace('"', '\\"') for item in items)
    return (
        "{"
        + ",".join(
            f'"{one}"' if set(item) & set('{},"\\ \n\t') else one for one, item in zip(quoted, items, strict=True)
        )
        + "}"
    )


@given(st.dictionaries(NAMES, HELD, max_size=4), NAMES)
def test_what_the_server_prints_is_read_as_it_was_granted(
    granted: dict[str, set[tuple[str, str]]], grantor: str
) -> None:
    items = [f"{printed(role)}={''.join(map(''.join, held))}/{printed(grantor)}" for role, held in granted.items()]
    assert decode(array(items)) == {
        role: sorted(LETTERS[letter] + option for letter, option in held if option or (letter, "*") not in held)
        for role, held in granted.items()
    }


@pytest.mark.parametrize(
    ("text", "privileges"),
    [
        (None, {}),
        ("{}", {}),
        ("{=r/app}", {"public": ["SELECT"]}),
        ("{app=arwdDxtm/app}", {"app": [
            "DELETE", "INSERT", "MAINTAIN", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"]}),
        ("{a=r/x,a=w/y,a=r*/z}", {"a": ["SELECT*", "UPDATE"]}),
        ("{zed=U*C/app,abc=U/app}", {"abc": ["USAGE"], "zed": ["CREATE", "USAGE*"]}),
        ("{12345=r/app}", {"12345": ["SELECT"]}),
        ("{a=Zr/x}", {"a": ["SELECT", "Z"]}),
    ],
)  # fmt: skip
def test_access_lists(text: str | None, privileges: dict[str, list[str]]) -> None:
    assert decode(text) == privileges
    assert list(decode(text)) == sorted(privileges)


def test_what_is_no_access_list_is_an_error() -> None:
    with pytest.raises(ValueError, match="not an access control item"):
        decode("{nonsense}")
