#!/usr/bin/env python3
"""Runs the shared test vectors with the Python package and prints one line per test case. See run.py."""

import datetime
import hashlib
import json
import pathlib
import sys
from collections.abc import Callable, Iterator

import sealwire
from sealwire._native import explain_rejection, is_local_health_check, split_url

CONNECTION_STRING_HEADER = "x-mycelium-connection-string"


def main() -> None:
    for argument in sys.argv[1:]:
        path = pathlib.Path(argument)
        for case in json.loads(path.read_text())["cases"]:
            for suffix, result in results(case):
                print(f"{path.stem}:{case['name']}{suffix} {result}")


def results(case: dict) -> Iterator[tuple[str, str]]:
    """Yields a name suffix and a line for each result of a test case. Yields nothing if the package does not
    support this kind of test case."""
    if "steps" in case:
        bench = Bench(case)
        for at, step in enumerate(case["steps"], 1):
            yield f":{at}", bench.result(step)
        return
    kind = next(kind for kind in printers() if kind in case)
    result = printers()[kind]
    if result:
        yield "", result(case)


def printers() -> dict[str, Callable[[dict], str] | None]:
    """Returns the function for each kind of test case. The key is a field that occurs only in this kind.
    "keys" is last, because most test cases contain keys."""
    return {
        "probe": lambda case: passes(is_local_health_check(**case["probe"])),
        "exempt": exempt,
        "url": split,
        "explain": explained,
        "sign": signed,
        "issue": issued,
        "token": token,
        "request": lambda case: Bench(case).result(case),
        "algorithm": None,
        "signature_input": None,
        "sign_response": response_signed,
        "verify_response": response_verified,
        "keys": ring_result,
    }


def exempt(case: dict) -> str:
    asked = sealwire.Verifier(
        "practices", sealwire.KeyRing(), replay="heap", exempt_paths=case["exempt"]["paths"]
    )
    return passes(asked.is_exempt(wire(case["exempt"]["path"])))


def passes(unsigned: bool) -> str:
    return "passes" if unsigned else "held"


def split(case: dict) -> str:
    try:
        return " ".join(["url", *split_url(case["url"])])
    except sealwire.SignError:
        return "refused"


def explained(case: dict) -> str:
    try:
        data, _, code = explain_rejection(ring(case), json.dumps(case["explain"]))
    except sealwire.ConfigError:
        return "refused"
    found = json.loads(data)
    checks = ",".join(each["result"] for each in found["checks"])
    reason, culprit = found["reason"] or "-", found["culprit"] or "-"
    return (
        f"explained {found['outcome']} exit={code} reason={reason} culprit={culprit} checks={checks or '-'}"
    )


# Key rings


def ring(case: dict) -> sealwire.KeyRing:
    keys = case["keys"]
    return sealwire.KeyRing(
        pairs={tuple(entry["names"]): key_set(entry) for entry in keys["pairs"]},
        clients={entry["id"]: key_set(entry) for entry in keys["clients"]},
        issuer=key_set(keys["issuer"]) if "issuer" in keys else None,
        allow_weak=keys["allow_weak"],
    )


def key_set(entry: dict) -> dict:
    """Returns the key set of an entry. Pair secrets are Base64, and other secrets are UTF-8 text."""
    versions = {it["version"]: it.get("secret_base64", it.get("secret")) for it in entry["versions"]}
    return {"versions": versions, "primary": entry["primary"]}


def ring_result(case: dict) -> str:
    try:
        ring(case)
    except sealwire.ConfigError as error:
        return f"invalid {error}"
    return "valid"


# Requests


class Bench:
    """Two verifiers with the same settings. One verifies complete requests, and the other receives the body
    in parts. Their results must be the same."""

    def __init__(self, case: dict) -> None:
        self.has_table = "slots" in case["verifier"].get("replay", {})
        self.reachable = "store" not in case["verifier"].get("replay", {})
        self.whole = verifier(case)
        self.streamed = verifier(case)

    def result(self, step: dict) -> str:
        whole, streamed = line(self.ask_whole, step), line(self.ask_in_pieces, step)
        return whole if whole == streamed else f"disagrees with itself: {whole} / {streamed}"

    def ask_whole(self, step: dict) -> sealwire.Identity:
        if not self.reachable:
            return self.settle(step, first=None)
        head, body = head_and_body(step["request"])
        return self.whole.verify(**head, body=body, now_ms=step["now_ms"])

    def ask_in_pieces(self, step: dict) -> sealwire.Identity:
        if not self.reachable or not self.has_table:
            return self.settle(step, first=True if self.reachable else None)
        return self.fed(step).finish(now_ms=step["now_ms"])

    def settle(self, step: dict, *, first: bool | None) -> sealwire.Identity:
        """Accepts or rejects a request, like a caller that claims nonces in its own replay store."""
        return self.fed(step).prove().settle(first, now_ms=step["now_ms"])

    def fed(self, step: dict) -> sealwire.Pending:
        head, body = head_and_body(step["request"])
        pending = self.streamed.begin(**head, now_ms=step["now_ms"])
        for start in range(
            0, len(body), 61
        ):  # coprime to the block size of the hash, so parts end at every offset in a block
            pending.update(body[start : start + 61])
        return pending


def verifier(case: dict) -> sealwire.Verifier:
    asked = dict(case["verifier"])
    seconds = asked.pop("max_clock_skew_ms", None)
    window = {"past": asked.pop("past_s", None), "future": asked.pop("future_s", None)}
    if seconds is not None:
        window = {"past": seconds // 1000, "future": seconds // 1000}
    replay = table(asked.pop("replay", {}))
    return sealwire.Verifier(
        asked.pop("service"),
        ring(case),
        replay=replay,
        external_replay_store=replay is None,
        ignore_authority=not asked.pop("require_authority", True),
        require_fields=asked.pop("require", []),
        scheme=asked.pop("url_scheme", None),
        **window,
        **asked,
    )


def table(replay: dict) -> sealwire.ReplayTable | None:
    """Returns a table with the requested number of slots. The API computes the number of slots from a window,
    so this function searches for a window that results in the requested number."""
    if "slots" not in replay:
        return None
    accept_older = replay.get("created") != "now"
    tables = (
        sealwire.ReplayTable.heap(1, seconds, accept_older=accept_older) for seconds in range(replay["slots"])
    )
    return next(it for it in tables if it.slots == replay["slots"])


def head_and_body(request: dict) -> tuple[dict, bytes]:
    head = {
        "method": wire(request["method"]),
        "target": wire(request["target"]),
        "headers": [(wire(name), wire(value)) for name, value in request["headers"]],
        "authority": wire(request["authority"]),
        "url_scheme": request["scheme"],
    }
    return head, body_of(request)


def wire(text: str) -> bytes:
    return text.encode("latin-1")


def body_of(request: dict) -> bytes:
    if "body_hex" in request:
        return bytes.fromhex(request["body_hex"])
    if "body_repeat" in request:
        return request["body_repeat"]["text"].encode() * request["body_repeat"]["times"]
    return request.get("body", "").encode()


def line(ask: Callable[[dict], sealwire.Identity], step: dict) -> str:
    try:
        identity = ask(step)
    except sealwire.Rejected as rejected:
        if rejected.mode != "enforce":
            return f"let-through {rejected.mode} {rejected.reason}"
        return rejection(rejected)
    user, nonce = identity.user_id or "-", identity.nonce or "-"
    known = f"sender={identity.sender} version={identity.key_version} scheme={identity.scheme} user={user}"
    known += f" as={identity.name_as_sent}"
    return f"accepted {known}\tnonce={nonce}"


def rejection(rejected: sealwire.Rejected) -> str:
    field = (rejected.field or "-").lower()
    return f"rejected {rejected.reason} {rejected.status} {rejected.public_text}\tfield={field}"


# Signing


def signed(case: dict) -> str:
    asked = case["sign"]
    request, keys = asked["request"], ring(case)
    of_pairs = [scheme for scheme in asked["schemes"] if scheme != "client"]
    signers = [(asked["sender"], of_pairs)] if of_pairs else []
    signers += [(asked["client_id"], ["client"])] if "client" in asked["schemes"] else []
    headers: dict[str, str] = {}
    try:
        for name, schemes in signers:
            headers |= sealwire.Signer(name, keys, schemes=schemes, cover=asked.get("components", [])).sign(
                request["method"],
                f"{request['scheme']}://{request['authority']}{request['target']}",
                request["headers"],
                body_of(request),
                receiver=asked.get("receiver", ""),
                user_id=asked.get("user_id"),
                nonce=asked.get("nonce"),
                now_ms=asked["now_ms"],
            )
    except sealwire.SignError:
        return "refused"
    return digest_line(headers)


def digest_line(headers: dict[str, str]) -> str:
    lines = "".join(f"{name.lower()}: {value}\n" for name, value in headers.items())
    return f"signed {hashlib.sha256(lines.encode()).hexdigest()}"


# Signed responses


def response_signed(case: dict) -> str:
    asked = case["sign_response"]
    request, service = asked["request"], asked["service"]
    schemes = (
        ["message"] if service else ["client"]
    )  # without a service name, a verifier accepts only "client"
    headers = sealwire.Verifier(service, ring(case), schemes=schemes, replay="heap").sign_response(
        asked["caller"],
        asked["scheme"],
        request["method"],
        request["target"],
        request["headers"],
        asked["status"],
        asked["body"].encode(),
        asked["now_ms"],
    )
    return digest_line(headers)


def response_verified(case: dict) -> str:
    asked = case["verify_response"]
    request, response = asked["request"], asked["response"]
    try:
        verified = sealwire.Signer(asked["caller"], ring(case), schemes=[asked["scheme"]]).verify_response(
            request["method"],
            request["target"],
            request["headers"],
            response["status"],
            response["headers"],
            response["body"].encode(),
            receiver=asked["service"],
        )
    except sealwire.Rejected as rejected:
        return rejection(rejected)
    return f"verified version={verified.key_version} time={verified.server_time}"


# Connection strings


def token(case: dict) -> str:
    try:
        verified = sealwire.ConnectionString.verify(
            wire(case["token"]), ring(case), case["now_ms"] // 1000, check_expiry=case["check_expiry"]
        )
    except sealwire.TokenRejected as rejected:
        return f"rejected {rejected.reason} {rejected.status} {rejected.public_text}"
    return (
        f"accepted sender={verified.account} version={verified.key_version} scheme=connection_string user=-"
    )


def issued(case: dict) -> str:
    asked = case["issue"]
    zone = datetime.timezone(datetime.timedelta(minutes=asked["offset_minutes"]))
    try:
        issued_token = sealwire.ConnectionString.issue(
            ring(case),
            asked["aid"],
            datetime.datetime.fromtimestamp(asked["expires_s"], zone),
            roles=[(name, permission) for name, permission in asked.get("rls", [])],
            tenant=asked.get("tid"),
            subscription=asked.get("sid"),
        )
    except ValueError:
        return "refused"
    return digest_line({CONNECTION_STRING_HEADER: issued_token})


if __name__ == "__main__":
    main()
