"""Passwords never appear."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgproof.server.redact import redact

SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "text",
    [
        f"postgresql://app:{SECRET}@db.example.org:5432/shop",
        f"postgres://app:{SECRET}@[::1]/shop?sslmode=require",
        f"cannot use 'postgresql+asyncpg://app:{SECRET}@h/d': no",
        f"postgresql://app:p@{SECRET}@h/d",
        f"postgresql://app:p/{SECRET}@h/d",
        f"postgresql://:{SECRET}@h/d",
        f"postgresql://h/d?user=app&password={SECRET}",
        f"postgresql://h/d?pass%77ord={SECRET}&x=1",
        f"postgresql://h/d?sslpassword={SECRET}",
        f"host=h password={SECRET} dbname=d",
        f"host=h password='{SECRET} with \\' quote' dbname=d",
        f"PGPASSWORD={SECRET} psql",
        f'{{"password": "{SECRET}"}}',
        f"create role app login password '{SECRET}'",
        f"ALTER ROLE app PASSWORD E'{SECRET}'",
        f"alter role app password $x${SECRET}$x$",
        f"postgres://a:{SECRET}@h1/d and postgres://b:{SECRET}@h2/d",
    ],
)
def test_no_password_is_left(text: str) -> None:
    assert SECRET not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://app@db.example.org:5432/shop?sslmode=require",
        "postgresql:///shop?host=/run/postgresql&user=app",
        "column users.password_hash has another type",
        "https://example.org:8080/path",
        "migrations/0004_password.sql:12:3",
    ],
)
def test_what_holds_no_password_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_user_and_host_stay() -> None:
    assert redact(f"postgresql://app:{SECRET}@h:5432/d") == "postgresql://app:***@h:5432/d"


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=4))
def test_a_known_secret_disappears_in_any_spelling(secret: str) -> None:
    marked = f"<{secret}>"
    text = f"libpq said: {marked} {quote(marked)} {quote(marked, safe='')}"
    assert marked not in redact(text, marked)
    assert quote(marked, safe="") not in redact(text, marked)
