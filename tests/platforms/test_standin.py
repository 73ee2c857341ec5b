"""The stand-ins' files: what they say of themselves."""

from __future__ import annotations

import re

import pytest

from pgproof.platforms import StandIn, standins

ALL = pytest.mark.parametrize("standin", standins(), ids=lambda standin: standin.extension)


@ALL
def test_a_standin_says_what_is_faithful(standin: StandIn) -> None:
    assert standin.faithful


@ALL
def test_a_standin_has_its_script(standin: StandIn) -> None:
    assert standin.script.is_file()


@ALL
def test_a_standin_may_be_created_by_a_role_that_is_no_superuser(standin: StandIn) -> None:
    assert "\ntrusted = true\n" in standin.control.read_text()


@ALL
def test_what_a_standin_cannot_do_names_the_extension(standin: StandIn) -> None:
    script = standin.script.read_text()
    for statement in re.findall(r"raise exception (.*?);", script, re.DOTALL):
        if "PGP99" in statement:
            assert f"the stand-in for {standin.extension} " in statement


@ALL
def test_a_standin_that_raises_says_so(standin: StandIn) -> None:
    if "PGP99" in standin.script.read_text():
        assert standin.lacks


def test_no_file_belongs_to_no_standin() -> None:
    files = {file for standin in standins() for file in (standin.control, standin.script)}
    assert files == set(standins()[0].control.parent.iterdir())


def test_what_a_standin_requires_is_a_standin_or_is_in_every_server() -> None:
    required = {name for standin in standins() for name in standin.requires}
    assert required <= {standin.extension for standin in standins()} | {"plpgsql"}


def test_options_of_index_methods_that_only_the_real_one_knows() -> None:
    (vector,) = (standin for standin in standins() if standin.extension == "vector")
    assert dict(vector.index_options) == {"hnsw": ("m", "ef_construction"), "ivfflat": ("lists",)}


def test_namespaces_of_parameters_that_only_the_real_one_knows() -> None:
    found = {standin.extension: standin.parameter_namespaces for standin in standins() if standin.parameter_namespaces}
    assert found == {"timescaledb": ("timescaledb",)}
