"""`python -m sealwire.cli`."""

from sealwire.cli import main

main()
