"""The command `sealwire`. It manages keys, checks configurations, explains captured requests, issues tokens
and reports whether a service can enforce signatures.

The exit code is 0 for success, 1 for a problem or an error, and 2 for an invalid command line.
"""

import sys


def main() -> None:
    """Runs the command."""
    try:
        from sealwire.cli._app import app
    except ModuleNotFoundError as missing:
        sys.exit(
            f"sealwire: {missing.name} is not installed; install the command with: pip install sealwire[cli]"
        )
    app(prog_name="sealwire")


__all__ = ["main"]
