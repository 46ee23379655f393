"""Tests for environment variables that are not valid UTF-8. Each test starts a process with such a variable."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import PAIR_SECRET

BROKEN = b"\xffSecret"
SERVER = "from sealwire.asgi import HMACAuthMiddleware as M; M(None, 'practices', replay='heap')"
CLIENT = (
    "from sealwire.httpx import HMACTransport as T; T('practices', receiver='agent', origins=['https://a'])"
)
COMPAT = "from sealwire.compat import HMACAuthMiddleware as M; M(None, 'practices')"
RING = "from sealwire._compat_secrets import secret_manager; print(secret_manager.ring('agent', 'practices'))"


def failed(command, variables):
    """Runs a command with additional variables and returns its standard error."""
    environment = {**os.environb, b"HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET.encode(), **variables}
    process = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    output = (process.stdout + process.stderr).decode()
    assert process.returncode == 1 and "Secret" not in output and "udcff" not in output, output
    return output.replace("\n", " ")


@pytest.mark.parametrize("program", [SERVER, CLIENT, COMPAT])
@pytest.mark.parametrize(
    "name",
    [
        "HMAC_SECRET_MEALS_PRACTICES",
        "HMAC_SECRET_AGENT_PRACTICES",
        "HMAC_SECRET_AGENT_PRACTICES_V2",
        "HMAC_PRIMARY_AGENT_PRACTICES",
    ],
)
def test_a_key_variable_that_is_not_utf8_stops_the_start_with_its_name(program, name):
    output = failed([sys.executable, "-c", program], {name.encode(): BROKEN})
    assert f"sealwire.ConfigError: {name}: " in output


def test_a_primary_version_that_is_not_utf8_is_named_by_the_earlier_interface():
    output = failed([sys.executable, "-c", RING], {b"HMAC_PRIMARY_AGENT_PRACTICES": BROKEN})
    assert "ConfigError: the environment variable HMAC_PRIMARY_AGENT_PRACTICES is not valid UTF-8" in output


@pytest.mark.parametrize("program", [SERVER, COMPAT])
def test_a_switch_that_is_not_utf8_stops_the_start_with_its_name(program):
    output = failed([sys.executable, "-c", program], {b"HMAC_AUTH_ENABLED": BROKEN})
    assert "ConfigError: the environment variable HMAC_AUTH_ENABLED is not valid UTF-8" in output


@pytest.mark.parametrize("program", [SERVER, CLIENT, COMPAT])
def test_variables_of_other_programs_need_not_be_utf8(program):
    environment = {
        **os.environb,
        b"HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET.encode(),
        b"OTHER": BROKEN,
        b"\xff": b"1",
    }
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=environment, check=True, timeout=60)


@pytest.mark.parametrize("name", ["HMAC_SECRET_MEALS_PRACTICES", "HMAC_AUTH_ENABLED"])
def test_the_command_check_names_a_variable_that_is_not_utf8(name):
    command = [sys.executable, "-m", "sealwire.cli", "check", "--environment", "--service", "practices"]
    assert name in failed(command, {name.encode(): BROKEN})


def test_a_reference_to_a_variable_that_is_not_utf8_names_it(tmp_path):
    file = tmp_path / "keys.toml"
    file.write_text(
        '[clients.meals]\nhmacPrimaryVersion = 1\nhmacSecrets = [{ version = 1, secret = { env = "MEALS_KEY" } }]\n'
    )
    command = [sys.executable, "-m", "sealwire.cli", "check", str(file)]
    output = failed(command, {b"MEALS_KEY": BROKEN})
    assert "meals version 1: the environment variable MEALS_KEY is not valid UTF-8" in output
