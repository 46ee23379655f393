"""Compares Sealwire with the reference implementation for random connection strings."""

import datetime
import pathlib
import random
import sys
import uuid

import sealwire

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "vectors"))

from reference import connection_string

SECRET = "an issuer's secret, with ü, of 32+ bytes"
RING = sealwire.KeyRing(
    issuer={"versions": {1: "a retired secret of thirty-two bytes!!", 9: SECRET}, "primary": 9}
)
NAME = "abcdefghijklmnopqrstuvwxyz_-.ü雪 "


def compare(choose: random.Random, count: int) -> int:
    for _ in range(count):
        said = claims(choose)
        beans = spelled(said)
        ours = sealwire.ConnectionString.issue(RING, **said)
        assert ours == connection_string.issue(SECRET.encode(), beans), "issued differently"
        shuffled = choose.sample(beans, len(beans))
        token = connection_string.issue(SECRET.encode(), shuffled)
        assert sealwire.ConnectionString.verify(token, RING).account == said["account"]
        assert not verifies(damaged(shuffled, token, choose)), "a change passed"
    return count


def claims(choose: random.Random) -> dict:
    zone = datetime.timezone(datetime.timedelta(minutes=choose.randrange(-720, 720)))
    optional = {
        name: uuid.UUID(int=choose.getrandbits(128))
        for name in ("tenant", "subscription")
        if choose.random() < 0.5
    }
    roles = [(role(choose), choose.randrange(2)) for _ in range(choose.randrange(6))]
    expires = datetime.datetime.fromtimestamp(choose.randrange(2_000_000_000, 4_000_000_000), zone)
    return {"account": uuid.UUID(int=choose.getrandbits(128)), "expires": expires, "roles": roles, **optional}


def role(choose: random.Random) -> str:
    return "".join(choose.choices(NAME, k=choose.randint(1, 20))).strip() or "reader"


def spelled(said: dict) -> list[str]:
    beans = [f"aid={said['account']}", f"edt={said['expires'].isoformat(timespec='seconds')}"]
    if said["roles"]:
        beans.append("rls=" + ",".join(f"{name}:{permission}" for name, permission in said["roles"]))
    beans += [f"tid={said['tenant']}"] if "tenant" in said else []
    beans += [f"sid={said['subscription']}"] if "subscription" in said else []
    return [*beans, "kvr=9"]


def damaged(beans: list[str], token: str, choose: random.Random) -> str:
    """Returns a token whose account or key version was changed after signing."""
    signature = connection_string.signature(SECRET.encode(), beans)
    other = choose.choice(["aid", "kvr"])
    changed = {"aid": f"aid={uuid.UUID(int=choose.getrandbits(128))}", "kvr": "kvr=1"}
    tampered = [changed[other] if bean.startswith(other) else bean for bean in beans]
    assert tampered != beans and token
    return connection_string.encode([*tampered, f"sig={signature}"])


def verifies(token: str) -> bool:
    try:
        sealwire.ConnectionString.verify(token, RING)
    except sealwire.TokenRejected:
        return False
    return True
