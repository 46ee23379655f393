"""Draws each row relative to its goal. Reads lines of a label, a tab and a number; 1 is the goal."""

import sys

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "sealwire"  # makes the file deterministic
from matplotlib import pyplot as plt  # noqa: E402 # after the choice of how to draw

REACHED, MISSED = "#2a7f62", "#c2571a"


def main(path: str) -> None:
    bars = [line.rsplit("\t", 1) for line in sys.stdin.read().splitlines()]
    labels = [label.replace("`", "") for label, _ in bars]
    values = [float(value) for _, value in bars]
    figure, axes = plt.subplots(figsize=(9, 0.27 * len(bars) + 1), layout="constrained")
    colours = [REACHED if value >= 1 else MISSED for value in values]
    axes.barh(labels, [value - 1 for value in values], left=1, color=colours)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xlabel("of the goal; to the right is better")
    axes.invert_yaxis()
    axes.tick_params(labelsize=8)
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1])
