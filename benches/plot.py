"""Draws the five charts at the top of the page. Reads the panels as JSON from standard input."""

import json
import sys

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "sealwire"  # makes the output deterministic
from matplotlib import pyplot as plt  # noqa: E402 # the backend must be selected before this import

OWN, OTHER = "#2a7f62", "#b9b4a8"
COLUMNS = 2


def main(path: str) -> None:
    panels = json.load(sys.stdin)
    rows = -(-len(panels) // COLUMNS)
    figure, grid = plt.subplots(rows, COLUMNS, figsize=(11, 1.9 * rows), layout="constrained")
    places = list(grid.flat)
    for axes, panel in zip(places, panels, strict=False):
        draw(axes, panel)
    for axes in places[len(panels) :]:
        legend(axes)
    figure.savefig(path, metadata={"Date": None})


def draw(axes, panel: dict) -> None:
    labels, values, colours = [], [], []
    for bar in panel["bars"]:
        labels += [f"{bar['language']}: Sealwire", bar["against"]]
        values += [bar["own"], bar["other"]]
        colours += [OWN, OTHER]
    places = [at + at // 2 * 0.4 for at in range(len(values))]  # adds a gap between the languages
    axes.barh(places, values, color=colours)
    for place, value in zip(places, values, strict=True):
        axes.annotate(
            short(value), (value, place), xytext=(4, 0), textcoords="offset points", va="center", size=8
        )
    axes.set_yticks(places, labels, fontsize=8)
    axes.set_title(panel["title"], loc="left", fontsize=10)
    axes.set_xlim(0, max(values) * 1.12)
    axes.xaxis.set_visible(False)
    axes.invert_yaxis()
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)


def legend(axes) -> None:
    axes.axis("off")
    axes.text(0, 0.6, "Less is better.", fontsize=10)
    axes.text(0, 0.35, "Green: Sealwire. Grey: the code that it replaces.", fontsize=10)


def short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    main(sys.argv[1])
