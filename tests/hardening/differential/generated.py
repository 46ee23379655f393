"""Generates random requests. The targets contain all valid bytes, and the bodies are empty, Unicode, binary or large."""

import dataclasses
import random
import string

TOKEN = string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~"
VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
TARGET = VISIBLE.replace("#", "")
ID = string.ascii_letters + string.digits + "._-"
NOW_MS = 1_712_419_200_000
HUGE = 1 << 20  # the default maximum size of a body


@dataclasses.dataclass
class Sent:
    """A request, and the values that are used to sign it. Each character of a string stands for one byte."""

    method: str
    target: str
    authority: str
    body: bytes
    user_id: str | None
    nonce: str
    now_ms: int
    fields: list[list[str]]

    @property
    def url(self) -> bytes:
        return f"https://{self.authority}{self.target}".encode("latin-1")

    def as_message(self, headers: list[list[str]]) -> dict:
        """Returns the request in the format that the reference implementation uses."""
        return {
            "scheme": "https",
            "method": self.method,
            "target": self.target,
            "authority": self.authority,
            "headers": headers,
        }


def sent(choose: random.Random, alphabet: str) -> Sent:
    """Generates a request. `alphabet` contains the characters that the tested scheme permits in a target."""
    return Sent(
        method=choose.choice(["GET", "POST", "DELETE", "get", "M-SEARCH", text(choose, TOKEN, 1, 32)]),
        target="/" + text(choose, alphabet, 0, choose.choice([0, 8, 80, 4000])),
        authority=choose.choice(["practices.internal", "HOST:8443", "h:443", "[::1]:80", "10.0.0.1"]),
        body=body(choose),
        user_id=choose.choice([None, text(choose, VISIBLE, 1, 128)]),
        nonce=text(choose, ID, 1, 128),
        now_ms=NOW_MS + choose.randrange(3000),
        fields=fields(choose),
    )


def body(choose: random.Random) -> bytes:
    kind = choose.randrange(20)
    if kind == 0:
        return choose.randbytes(HUGE)
    if kind < 6:
        return b""
    if kind < 12:
        return "".join(chr(choose.randrange(0x20, 0xD800)) for _ in range(choose.randrange(200))).encode()
    return choose.randbytes(choose.choice([1, 55, 56, 63, 64, 65, 127, 128, 129, 5000]))


def fields(choose: random.Random) -> list[list[str]]:
    """Generates two header fields that the signature covers. The first can have several lines and surrounding
    spaces, and the second can be empty."""
    lines = [["X-Trace", f" {text(choose, VISIBLE, 1, 40)}\t"] for _ in range(choose.randrange(3))]
    return [*lines, ["Content-Type", text(choose, VISIBLE, 0, 40)]]


def text(choose: random.Random, alphabet: str, shortest: int, longest: int) -> str:
    return "".join(choose.choices(alphabet, k=choose.randint(shortest, longest)))
