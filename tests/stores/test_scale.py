"""The figures of docs/scale.md: measured on real servers, and calculated by the formulas that the page states."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scale import PAGE, filled, measured, pages, saved, servers

# Memory and traffic do not depend on the machine. Times do, so they are not compared.
TOLERANCE = 0.1
COMPARED = ("claim_bytes_least", "claim_bytes_most", "received_bytes", "sent_bytes")


@pytest.mark.parametrize("name", ["Redis", "Valkey"])
def test_a_claim_costs_what_the_page_says(name):
    documented, found = saved()[name], measured(servers()[name])
    for figure in COMPARED:
        assert getattr(found, figure) == pytest.approx(getattr(documented, figure), rel=TOLERANCE), figure


def test_the_tables_of_the_page_follow_from_its_figures():
    page = PAGE.read_text()
    assert filled(page, pages(saved())) == page, "run tests/stores/scale.py --write"
