"""The written report of an example, as a person has read it."""

from __future__ import annotations

import re
from collections.abc import Callable

from pgproof.evidence.settings import Settings
from pgproof.project.config import read_config
from pgproof.reports import render
from pgproof.reports.stored import load
from pgproof.reports.view import View
from pgproof.workflows.check import check
from tests.examples.test_outreach import FOLDER

_SERVER = re.compile(r"PostgreSQL \d+[\w.]* \(\w+\)")


def test_the_report_on_outreach_answers_what_the_team_wrote_by_hand(golden: Callable[[str, str], None]) -> None:
    """Of the contract's checks alone, as it is stored: without the clock and without the server's version."""
    result = check(Settings(FOLDER, read_config(FOLDER)), select=("CON",))
    shown = render("markdown", load(render("json", result, View())), View())
    golden("outreach.md", _SERVER.sub("PostgreSQL", shown))
