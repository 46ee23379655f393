"""The command `sealwire`: keys and their rotation, configurations, captured requests, tokens, and a rollout's progress.

Exit codes: 0 when all is well, 1 when something was found wrong or refused, 2 when the command itself was wrong.
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
