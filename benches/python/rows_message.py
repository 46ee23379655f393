"""Compares the `message` scheme with the package http-message-signatures 3. The signatures have the same
components, key id, nonce and tag."""

import datetime

from harness import calls, prepared, run
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from samples import AUTHORITY, SECRET, TARGET, nonce, ring
from sealwire import ReplayTable, Signer, Verifier

COVERED = ("@method", "@authority", "@path", "@query")
KEY_ID = "agent/practices#1"
WINDOW = datetime.timedelta(seconds=300)
URL = f"https://{AUTHORITY}{TARGET}"


class Keys(HTTPSignatureKeyResolver):
    def resolve_private_key(self, key_id: str) -> bytes:
        return {KEY_ID: SECRET}[key_id]

    resolve_public_key = resolve_private_key


class Message:
    """A request with only the attributes that the peer requires."""

    def __init__(self) -> None:
        self.method, self.url, self.headers = "POST", URL, {"Host": AUTHORITY}


def sign(rounds: int) -> None:
    signer = Signer("agent", ring())
    peer = peer_signer()
    run(
        "python-message-sign",
        rounds,
        {
            "sealwire": calls(1000, 'sign("POST", url, None, None, "practices")', sign=signer.sign, url=URL),
            "http-message-signatures": calls(
                20, "sign(peer, message())", sign=peer_sign, peer=peer, message=Message
            ),
        },
    )


def verify(rounds: int) -> None:
    keys = ring()
    signer = Signer("agent", keys)
    verifier = Verifier("practices", keys, replay=ReplayTable.heap(1000, 305))
    peer = HTTPMessageVerifier(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())
    own = peer_signer()

    def signed():
        headers = signer.sign("POST", URL, None, None, "practices")
        return [("Host", AUTHORITY), *headers.items()]

    def signed_by_peer() -> Message:
        message = Message()
        peer_sign(own, message)
        return message

    run(
        "python-message-verify",
        rounds,
        {
            "sealwire": prepared(
                500,
                signed,
                "headers",
                'verify("POST", target, headers)',
                verify=verifier.verify,
                target=TARGET,
            ),
            "http-message-signatures": prepared(
                20,
                signed_by_peer,
                "message",
                'verify(message, max_age=window, expect_tag="sealwire", require_components=covered)',
                verify=peer.verify,
                window=WINDOW,
                covered=COVERED,
            ),
        },
    )


def peer_signer() -> HTTPMessageSigner:
    return HTTPMessageSigner(signature_algorithm=algorithms.HMAC_SHA256, key_resolver=Keys())


def peer_sign(peer: HTTPMessageSigner, message: Message) -> None:
    peer.sign(message, key_id=KEY_ID, nonce=nonce(), tag="sealwire", covered_component_ids=COVERED)
