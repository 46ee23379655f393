"""Valid calls between all services, in each scheme that the receiver accepts."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

from . import callers
from .callers import Call, Caller
from .cast import ACCEPTED, ARCHIVE, GATEWAY, IAM, LEDGER, PRACTICES, RECORDS, STRANGER, Keys, Role
from .fleet import Fleet
from .table import Row
from .wire import Answer

USER = "user-7"
LONGEST = 100  # the table cuts wrong responses at this length, in characters

# The request method and target for each receiver and scheme.
ASKED = {
    (PRACTICES, "message"): ("POST", "/graphql?trace=1"),
    (PRACTICES, "pairwise"): ("POST", "/graphql"),
    (IAM, "message"): ("POST", "/auth/user/refresh-session"),
    (IAM, "client"): ("GET", "/api/users?page=2"),
    (LEDGER, "message"): ("PUT", "/entries/caf%C3%A9?draft="),
    (LEDGER, "pairwise"): ("POST", "/entries"),
    (LEDGER, "client"): ("POST", "/entries?page=2&sort=a%20b"),
    (RECORDS, "message"): ("PUT", "/records/caf%C3%A9?draft="),
    (RECORDS, "pairwise"): ("POST", "/records"),
    (RECORDS, "client"): ("POST", "/records?page=2&sort=a%20b"),
    (ARCHIVE, "message"): ("PUT", "/archive/caf%C3%A9?draft="),
    (ARCHIVE, "pairwise"): ("POST", "/archive"),
    (ARCHIVE, "client"): ("POST", "/archive?page=2&sort=a%20b"),
    (GATEWAY, "message"): ("POST", "/api/webhook"),
}


def rows(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    calling = callers.all_of(keys, fleet)
    for receiver, accepted in ACCEPTED.items():
        for scheme in accepted:
            for caller, call in calling.items():
                if caller != receiver:
                    yield one(caller, call, ordinary(receiver, scheme, fleet))
    yield from migration(calling, fleet)


def over_http2(keys: Keys, fleet: Fleet) -> Iterator[Row]:
    """Calls `records` and `archive` from all languages. Both services accept HTTP/2 without TLS."""
    for receiver in (RECORDS, ARCHIVE):
        for scheme in ACCEPTED[receiver]:
            for caller, call in callers.over_http2(keys).items():
                asked = ordinary(receiver, scheme, fleet)
                yield replace(one(caller, call, asked), scheme=f"{scheme}, HTTP/2")


def migration(calling: dict[Role, Caller], fleet: Fleet) -> Iterator[Row]:
    """Sends requests signed with both the old and the new scheme. The receiver checks the scheme that it
    prefers."""
    for receiver, both in ((PRACTICES, "message+pairwise"), (IAM, "message+client")):
        for caller, call in calling.items():
            if caller != STRANGER:
                yield one(caller, call, ordinary(receiver, both, fleet))


def ordinary(receiver: Role, scheme: str, fleet: Fleet) -> Call:
    first = scheme.split("+")[0]
    method, target = ASKED[receiver, first]
    # Each body is unique. The scheme pairwise has no nonce, so an identical second request would be a replay.
    body = b"" if method == "GET" else callers.as_json({"query": "{ practices }", "id": str(uuid.uuid4())})
    user = USER if first == "message" else None
    return Call(receiver, fleet.of_role(receiver).port, scheme, method, target, body, user)


def one(caller: Role, call: Caller, asked: Call) -> Row:
    answer = answer_to(call, asked)
    expected = f"200 from {caller.name}" + (f" for {asked.user}" if asked.user else "")
    return Row(
        who=str(caller),
        whom=str(asked.receiver),
        what=f"{asked.method} {asked.target}",
        scheme=asked.scheme,
        expected=expected,
        got=expected if answer_is_right(answer, caller, asked) else shortened(answer),
        ms=answer.ms,
    )


def answer_to(call: Caller, asked: Call) -> Answer:
    """Sends a request and returns the response. If the call fails, returns the error as a response, so that
    the demo continues."""
    try:
        return call(asked)
    except callers.FAILURES as failure:
        return Answer(0, f"{type(failure).__name__}: {failure}")


def answer_is_right(answer: Answer, caller: Role, asked: Call) -> bool:
    """Returns True if the response contains the sender, the scheme, the user and the body of the request."""
    identity = f"{caller.name} {asked.schemes[0]} {asked.user or '-'}\n"
    return answer.status == 200 and answer.text == identity + asked.body.decode()


def shortened(answer: Answer) -> str:
    text = " ".join(str(answer).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
