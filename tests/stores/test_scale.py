"""Checks the figures in docs/scale.md against new measurements, and the tables against the formulas on the page."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from scale import PAGE, filled, measured, pages, saved, servers

# The test compares memory and traffic, but not times, because times depend on the machine.
TOLERANCE = 0.1
COMPARED = ("claim_bytes_least", "claim_bytes_most", "received_bytes", "sent_bytes")


@pytest.mark.parametrize("name", ["Redis", "Valkey"])
def test_a_claim_needs_the_memory_and_traffic_on_the_page(name):
    documented, found = saved()[name], measured(servers()[name])
    for figure in COMPARED:
        assert getattr(found, figure) == pytest.approx(getattr(documented, figure), rel=TOLERANCE), figure


def test_the_tables_agree_with_the_figures_on_the_page():
    page = PAGE.read_text()
    assert filled(page, pages(saved())) == page, "run tests/stores/scale.py --write"
