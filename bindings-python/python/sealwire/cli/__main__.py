"""Runs the command for `python -m sealwire.cli`."""

from sealwire.cli import main

main()
