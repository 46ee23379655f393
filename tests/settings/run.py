"""Tests the invalid settings in mistakes.json with Python, Node.js, C and the command, and checks the error messages.

README.md describes the format of mistakes.json.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hvac
import redis
import redis.asyncio
import sealwire
import sealwire.asgi
import sealwire.httpx
import sealwire.metrics
import sealwire.redis
import sealwire.wsgi
from sealwire.secrets import Env, Google, Reloader, Vault, load, load_modes

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE = HERE / "mistakes.json"
SECRET = "a test secret of thirty-two bytes."
KEYS = sealwire.KeyRing({("agent", "practices"): bytes(range(32))}, {"cli": SECRET})

OBJECTS: dict[str, Callable[[], object]] = {
    "Metrics class": lambda: sealwire.metrics.Metrics,
    "Env class": lambda: Env,
    "KeyRing class": lambda: sealwire.KeyRing,
    "Modes": sealwire.Modes,
    "Modes class": lambda: sealwire.Modes,
    "NaN": lambda: float("nan"),
    "ReplayTable class": lambda: sealwire.ReplayTable,
    "asynchronous redis client": lambda: redis.asyncio.Redis(port=1),
    "infinity": lambda: float("inf"),
    "redis client": lambda: redis.Redis(port=1),
    "synchronous store": lambda: sealwire.redis.RedisStore(redis.Redis(port=1)),
    "uuid": uuid.uuid4,
}


class GoogleClient:
    """A stand-in for the Google Secret Manager client, with the one method that `Google` requires."""

    def access_secret_version(self, request: object) -> None:
        """Does nothing. The tests do not call this method."""


async def application(_scope: object, _receive: object, _send: object) -> None:
    """Does nothing. The tests do not call the application."""


def server(**settings: Any) -> Iterator[object]:
    """Creates the ASGI middleware with these settings."""
    base = {"keys": KEYS, "replay": "heap"}
    yield sealwire.asgi.HMACAuthMiddleware(application, "practices", **(base | settings))


CONSTRUCTORS: dict[str, Callable[..., object]] = {
    "server": lambda **settings: list(server(**settings)),
    "client": lambda **settings: sealwire.httpx.HMACAuth(
        "agent", settings.pop("receiver", "practices"), **({"keys": KEYS} | settings)
    ),
    "signer": lambda **settings: sealwire.Signer(settings.pop("name", "agent"), KEYS, **settings),
    "verifier": lambda **settings: sealwire.Verifier(settings.pop("service", "practices"), KEYS, **settings),
    "modes": sealwire.Modes,
    "heap": sealwire.ReplayTable.heap,
    "key_ring": sealwire.KeyRing,
    "from_env": lambda **settings: sealwire.KeyRing.from_env("practices", **settings),
    "mapped": sealwire.ReplayTable.mapped,
    "redis_store": lambda **settings: sealwire.redis.AsyncRedisStore(redis.asyncio.Redis(port=1), **settings),
    "redis_client": sealwire.redis.RedisStore,
    "async_redis_client": sealwire.redis.AsyncRedisStore,
    "reloader": lambda **settings: Reloader(KEYS, lambda: KEYS, **settings),
    "load": lambda **settings: load("missing.toml", **settings),
    "load_modes": lambda **settings: load_modes("missing.toml", **settings),
    "vault": lambda **settings: Vault(hvac.Client(), **settings),
    "google": lambda **settings: Google(GoogleClient(), **settings),
    "metrics": sealwire.metrics.Metrics,
    "env": lambda **variables: sealwire.KeyRing.from_env("practices", environ=variables),
    "client_secret": lambda secret: sealwire.KeyRing(clients={"cli": secret}),
}


def resolved(value: Any) -> Any:
    """Replaces each `{"$": "name"}` in the value with the object that has this name."""
    if isinstance(value, dict):
        if set(value) == {"$"}:
            return OBJECTS[value["$"]]()
        return {name: resolved(each) for name, each in value.items()}
    return [resolved(each) for each in value] if isinstance(value, list) else value


def in_python(case: dict[str, Any]) -> str | None:
    """Returns the error message of the Python package, or None if there was no error."""
    try:
        CONSTRUCTORS[case["of"]](**resolved(case["python"]))
    except sealwire.SealwireError as error:
        return str(error)
    except Exception as error:
        return f"not a Sealwire error: {error!r}"
    return None


def in_node(cases: list[dict[str, Any]]) -> list[str | None]:
    """Returns the error message of the Node package for each test case, or None if there was no error."""
    ran = subprocess.run(
        ["node", HERE / "run.mjs"],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    messages: list[str | None] = json.loads(ran.stdout)
    return messages


def in_c(program: Path, case: dict[str, Any]) -> str | None:
    """Returns the error message of the C library, or None if there was no error."""
    ran = subprocess.run([program, *case["c"]], capture_output=True, text=True, check=False, timeout=60)
    if ran.returncode not in (0, 1):
        return f"the program exited with {ran.returncode}: {ran.stderr}"
    return ran.stdout if ran.returncode == 1 else None


def in_command(case: dict[str, Any]) -> str | None:
    """Returns what the command wrote to standard error, or None if there was no error."""
    ran = subprocess.run(
        [sys.executable, "-m", "sealwire.cli", *case["command"]],
        capture_output=True, text=True, check=False, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return ran.stderr if ran.returncode != 0 else None


def compiled() -> Path:
    """Builds mistakes.c with the library that `make build` created, and returns the path of the program."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    program = target / "settings-mistakes"
    library = target / "release/libsealwire.a"
    source = HERE / "mistakes.c"
    subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}", source, library, "-o", program,
         "-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"],
        check=True, timeout=120,
    )  # fmt: skip
    return program


def complaint(case: dict[str, Any], language: str, message: str | None) -> str | None:
    """Returns why an error message is wrong, or None if it is correct."""
    settings = json.dumps(case[language])
    if message is None:
        return f"{language} {case['of']} {settings}: no error"
    missing = [
        text for text in case["says"] if not any(each.lower() in message.lower() for each in text.split("|"))
    ]
    if missing:
        return (
            f"{language} {case['of']} {settings}: the message does not contain {missing}: {message.strip()}"
        )
    return f"{language} {case['of']} {settings}: a traceback" if "Traceback" in message else None


def outcomes(cases: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str, str | None]]:
    """Yields each test case once for each of its languages, with the error message."""
    node = [case for case in cases if "node" in case]
    program = compiled()
    for case, message in zip(node, in_node(node), strict=True):
        yield case, "node", message
    for case in cases:
        if "python" in case:
            yield case, "python", in_python(case)
        if "c" in case:
            yield case, "c", in_c(program, case)
        if "command" in case:
            yield case, "command", in_command(case)


def main() -> int:
    """Prints the failed test cases, and the number of test cases for each language."""
    counts: dict[str, int] = {}
    wrong = 0
    for case, language, message in outcomes(json.loads(TABLE.read_text())):
        counts[language] = counts.get(language, 0) + 1
        if (found := complaint(case, language, message)) is not None:
            wrong += 1
            print(found)
    for language, count in sorted(counts.items()):
        print(f"{language:8} {count:4} mistakes")
    print(f"{sum(counts.values()) - wrong} passed, {wrong} failed")
    return 1 if wrong or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
