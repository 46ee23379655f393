"""The command `sealwire` with its subcommands."""

from __future__ import annotations

import click

from sealwire import __version__
from sealwire.cli._check import check
from sealwire.cli._explain import explain
from sealwire.cli._keys import keys
from sealwire.cli._mode import mode
from sealwire.cli._readiness import readiness
from sealwire.cli._request import sign, verify
from sealwire.cli._token import token


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="sealwire")
def app() -> None:
    """Manage keys, check settings and explain rejected requests of services that use Sealwire.

    For completion in bash, run: eval "$(_SEALWIRE_COMPLETE=bash_source sealwire)". For zsh or fish, use
    zsh_source or fish_source.
    """


for _command in (keys, check, sign, verify, explain, token, mode, readiness):
    app.add_command(_command)
