"""Compares connection strings with JSON Web Tokens that contain the same claims."""

import datetime

import jwt
from harness import calls, run
from samples import SECRET, ring
from sealwire import ConnectionString

ACCOUNT = "11111111-2222-4333-8444-555555555555"


def verify(rounds: int) -> None:
    keys = ring()
    expires = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)
    token = ConnectionString.issue(keys, ACCOUNT, expires)
    claims = {"aid": ACCOUNT, "exp": int(expires.timestamp()), "kvr": 1}
    web_token = jwt.encode(claims, SECRET, "HS256")
    run(
        "python-token",
        rounds,
        {
            "sealwire": calls(
                2000, "verify(token, keys)", verify=ConnectionString.verify, token=token, keys=keys
            ),
            "PyJWT HS256": calls(
                200, 'decode(token, secret, ["HS256"])', decode=jwt.decode, token=web_token, secret=SECRET
            ),
        },
    )
