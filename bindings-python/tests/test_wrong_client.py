"""Tests that a client of another package is rejected with an error that names the right package."""

from __future__ import annotations

import httpx
import httpx2
import pytest
import requests
import sealwire.httpx
import sealwire.httpx2
import sealwire.requests
from sealwire import ConfigError, testing

KEYS = testing.key_ring("agent", "practices")


@pytest.mark.parametrize(
    ("signed", "client", "message"),
    [
        (
            sealwire.httpx.signed,
            requests.Session,
            "client: pass a Client or AsyncClient of httpx, not Session of requests",
        ),
        (
            sealwire.httpx.signed,
            httpx2.Client,
            "client: pass a Client or AsyncClient of httpx, not Client of httpx2",
        ),
        (
            sealwire.httpx2.signed,
            httpx.AsyncClient,
            "client: pass a Client or AsyncClient of httpx2, not AsyncClient of httpx",
        ),
        (
            sealwire.httpx.signed,
            lambda: None,
            "client: pass a Client or AsyncClient of httpx, not NoneType of builtins",
        ),
        (sealwire.requests.signed, httpx.Client, "session: pass a requests.Session, not Client of httpx"),
    ],
)
def test_the_error_names_the_package(signed, client, message):
    with pytest.raises(ConfigError) as error:
        signed(client(), "agent", "practices", keys=KEYS, origins=["http://practices"])
    assert str(error.value).startswith(message)
