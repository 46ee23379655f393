"""Generates valid and hostile requests."""

import random
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import sealwire

BODY = b'{"amount": 12, "note": "an ordinary body"}'


@dataclass(frozen=True)
class Sent:
    """The bytes of a request, and the statuses that are expected for it. The status 0 means that the server
    closed the connection without a response."""

    kind: str
    data: bytes
    right: frozenset[int]


REFUSED = frozenset({0, 400, 401, 403, 404, 405, 413, 414, 431, 505})


class Traffic:
    """Generates the requests that `agent` sends to a service."""

    def __init__(self, receiver: str, key: str, authority: str, seed: int) -> None:
        self.authority = authority
        self.receiver = receiver
        self.choose = random.Random(seed)
        self.signer = sealwire.Signer("agent", sealwire.KeyRing(pairs={("agent", receiver): key}))
        stranger = sealwire.KeyRing(pairs={("x", receiver): secrets.token_bytes(32)})
        self.stranger = sealwire.Signer("x", stranger)
        self.spent = self.valid()

    def valid(self) -> Sent:
        return Sent("valid", self.request(self.signed()), frozenset({200}))

    def hostile(self) -> Sent:
        return self.choose.choice(self.attacks())()

    def mixed(self) -> Sent:
        return self.valid() if self.choose.random() < 0.5 else self.hostile()

    def attacks(self) -> list[Callable[[], Sent]]:
        return [
            self.replayed,
            self.tampered,
            self.unsigned,
            self.unknown,
            self.garbage,
            self.huge_header,
            self.many_headers,
            self.nonsense,
            self.too_large,
        ]

    def signed(self, body: bytes = BODY) -> dict[str, str]:
        return self.signer.sign("POST", f"http://{self.authority}/soak", None, body, receiver=self.receiver)

    def request(self, headers: dict[str, str], body: bytes = BODY) -> bytes:
        lines = {"Host": self.authority, "Content-Length": str(len(body)), **headers}
        text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"POST /soak HTTP/1.1\r\n{text}\r\n".encode("latin-1") + body

    def replayed(self) -> Sent:
        """Returns the same request each time, which the service must accept only once."""
        return Sent("replayed", self.spent.data, REFUSED | {200})

    def tampered(self) -> Sent:
        return Sent("tampered", self.request(self.signed(), BODY.replace(b"12", b"99")), REFUSED)

    def unsigned(self) -> Sent:
        return Sent("unsigned", self.request({}), REFUSED)

    def unknown(self) -> Sent:
        """Returns a request from a new unknown sender. The service's memory use must not grow with the number
        of unknown senders."""
        headers = self.stranger.sign(
            "POST", f"http://{self.authority}/soak", None, BODY, receiver=self.receiver
        )
        name = f"s{uuid.UUID(int=self.choose.getrandbits(128)).hex}"
        fields = {it: value.replace('"x/', f'"{name}/') for it, value in headers.items()}
        return Sent("unknown", self.request(fields), REFUSED)

    def garbage(self) -> Sent:
        """Returns a request whose signature headers have random values."""
        noise = {
            name: "".join(chr(self.choose.randrange(0x20, 0x7F)) for _ in range(90)) for name in self.signed()
        }
        return Sent("garbage", self.request(noise), REFUSED)

    def huge_header(self) -> Sent:
        fields = self.signed()
        fields["Signature-Input"] += ";x=" + '"' + "a" * self.choose.choice([4000, 12_000, 70_000]) + '"'
        return Sent("huge header", self.request(fields), REFUSED)

    def many_headers(self) -> Sent:
        return Sent("many headers", self.request({f"X-Filler-{at}": "a" for at in range(300)}), REFUSED)

    def nonsense(self) -> Sent:
        """Returns random bytes with an empty line at the end, so that the server does not wait for more data."""
        return Sent("nonsense", self.choose.randbytes(60) + b"\r\n\r\n", REFUSED)

    def too_large(self) -> Sent:
        body = b"a" * ((1 << 20) + 1)
        return Sent("too large", self.request(self.signed(body), body), REFUSED)
