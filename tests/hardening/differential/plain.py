"""Creates the signature headers for all schemes with the reference implementation, which does not use Sealwire."""

import pathlib
import sys

from generated import Sent

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "vectors"))

from reference import client, message, pairwise

Headers = list[list[str]]
DEFAULT = ['"@method"', '"@authority"', '"@path"', '"@query"']


def pairwise_headers(sent: Sent, key: bytes) -> Headers:
    seconds = str(sent.now_ms // 1000)
    base = pairwise.base(seconds, "agent", "practices", sent.method, sent.target, sent.body)
    return pairwise.headers("agent", seconds, pairwise.signature(key, base), sent.user_id)


def client_headers(sent: Sent, key: bytes) -> Headers:
    base = client.base("billing-service", str(sent.now_ms), sent.method, sent.target, sent.nonce)
    return client.headers("billing-service", str(sent.now_ms), sent.nonce, client.signature(key, base))


def message_headers(sent: Sent, key: bytes) -> Headers:
    made: Headers = [["X-User-ID", sent.user_id]] if sent.user_id is not None else []
    digest = [["Content-Digest", message.content_digest(sent.body)]] if sent.body else []
    names = [name for name in ("x-trace", "content-type") if any(name == it[0].lower() for it in sent.fields)]
    covered = DEFAULT + ['"content-digest"'] * bool(digest) + ['"x-user-id"'] * bool(made)
    covered += [f'"{name}"' for name in names]
    parameters = (
        f';created={sent.now_ms // 1000};nonce="{sent.nonce}";alg="hmac-sha256";keyid="agent/practices#1"'
        ';tag="sealwire"'
    )
    base = message.base(sent.as_message(sent.fields + made + digest), covered, parameters)
    signed = [
        ["Signature-Input", f"sealwire={message.inner_list(covered, parameters)}"],
        ["Signature", f"sealwire={message.signature(key, base)}"],
    ]
    return made + digest + signed
