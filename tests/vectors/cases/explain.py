"""Test vectors for explanations of rejected requests. In most captured requests, a proxy or client made a
mistake, and the explanation must prove this cause.

The reference implementations compute the signatures. The expected results are written by hand.
"""

import json

from reference import client as client_reference
from reference import message as message_reference
from reference import pairwise as pairwise_reference
from reference.wire import secret_bytes

from .common import (
    CLIENT_ID,
    CLIENT_SECRET,
    NOW,
    OTHER_SECRET,
    PAIR_SECRET,
    PAIR_SECRET_2,
    REQUEST_ID,
    client,
    pair,
    ring,
)

ABOUT = "Explanations of rejected requests: the capture, and the expected outcome with the proven cause and the result of each check."

KEYS = ring(
    [pair("agent", "practices", PAIR_SECRET, PAIR_SECRET_2), pair("agent", "meals", OTHER_SECRET)],
    [client(CLIENT_ID)],
    allow_weak=True,
)
HOST = "api.clinic.test"
TARGET = "/api/v1/visits?from=a%20b&to=c"
BODY = '{"a": 1}'
COMPONENTS = ['"@method"', '"@authority"', '"@path"', '"@query"', '"content-digest"']
CHECKS = ("headers", "sender", "key version", "time", "mac", "body", "replay")
# The position of each check in CHECKS. A verifier performs the checks in this order.
HEADERS, SENDER, VERSION, TIME, MAC, BODY_CHECK, REPLAY = range(7)
PASSED, FAILED, NOT_REACHED, NOT_TESTED = "passed", "failed", "not reached", "not tested"


def message(
    receiver="practices", version=1, secret=PAIR_SECRET, created=NOW, target=TARGET, components=COMPONENTS
):
    """Returns the headers of a request signed with the scheme `message`."""
    digest = message_reference.content_digest(BODY.encode())
    request = {"method": "POST", "scheme": "https", "authority": HOST, "target": target}
    request["headers"] = [["Content-Digest", digest]]
    parameters = (
        f';created={created};nonce="n-1";alg="hmac-sha256";keyid="agent/{receiver}#{version}";tag="sealwire"'
    )
    base = message_reference.base(request, components, parameters)
    key = secret_bytes({"secret_base64": secret})
    return [
        ["Content-Digest", digest],
        ["Signature-Input", f"sealwire={message_reference.inner_list(components, parameters)}"],
        ["Signature", f"sealwire={message_reference.signature(key, base)}"],
    ]


def pairwise(sender="agent", receiver="practices", secret=PAIR_SECRET, timestamp=NOW):
    base = pairwise_reference.base(str(timestamp), sender, receiver, "POST", TARGET, BODY.encode())
    key = secret_bytes({"secret_base64": secret})
    return pairwise_reference.headers(sender, str(timestamp), pairwise_reference.signature(key, base))


def by_client(timestamp=NOW * 1000):
    base = client_reference.base(CLIENT_ID, str(timestamp), "POST", TARGET, REQUEST_ID)
    signature = client_reference.signature(CLIENT_SECRET.encode(), base)
    return client_reference.headers(CLIENT_ID, str(timestamp), REQUEST_ID, signature)


def raw(headers, target=TARGET, host=HOST, body=BODY, method="POST"):
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", body])


def har(headers, target=TARGET, body=BODY):
    request = {
        "method": "POST",
        "url": f"https://{HOST}{target}",
        "headers": [{"name": "Host", "value": HOST}, *({"name": n, "value": v} for n, v in headers)],
        "postData": {"mimeType": "application/json", "text": body},
        "bodySize": len(body),
    }
    return json.dumps({"log": {"entries": [{"request": request}]}})


def verbose(headers, target=TARGET):
    lines = [f"POST {target} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers)]
    sent = [f"> {line}" for line in [*lines, "Content-Length: 8", ""]]
    return "\n".join(["* Connected", *sent, "< HTTP/1.1 401 Unauthorized", "< content-length: 0", "<", ""])


def copied_as_curl(headers, target=TARGET, body=BODY):
    options = "".join(f" \\\n  -H '{name}: {value}'" for name, value in headers)
    return f"curl 'https://{HOST}{target}'{options} \\\n  --data-raw $'{body}'"


def copied_as_fetch(headers, target=TARGET, body=BODY):
    options = {"headers": dict(headers), "body": body, "method": "POST", "mode": "cors"}
    return f'fetch("https://{HOST}{target}", {json.dumps(options, indent=2)});'


def cases():
    def case(name, why, capture, expect, **more):
        asked = {"capture": capture, "service": "practices", "at": NOW * 1000} | more
        asked = {name: value for name, value in asked.items() if value is not None}
        return {"name": f"explain-{name}", "why": why, "keys": KEYS, "explain": asked, "expect": expect}

    wrong_mac = failed_at(MAC)
    for name, headers in {"message": message(), "pairwise": pairwise(), "client": by_client()}.items():
        yield case(f"{name}-valid", "an unchanged request", raw(headers), explained("valid"))
        yield case(
            f"{name}-prefix-removed",
            "nginx removes a prefix: location /api/ with a URI in proxy_pass",
            raw(headers, TARGET.removeprefix("/api")),
            proven("path", wrong_mac),
        )
        yield case(
            f"{name}-prefix-added",
            "a proxy adds a prefix",
            raw(headers, f"/gw{TARGET}"),
            proven("path", wrong_mac),
        )
        yield case(
            f"{name}-method", "a changed method", raw(headers, method="PUT"), proven("method", wrong_mac)
        )
        yield case(
            f"{name}-clock",
            "a request that arrives an hour later",
            raw(headers),
            proven("clock", failed_at(TIME), "stale_timestamp"),
            at=(NOW + 3600) * 1000,
        )
        yield case(
            f"{name}-old-capture-without-a-time",
            "without a known arrival time, the clock cannot be the cause",
            raw(headers),
            explained("valid", checks=[*[PASSED] * 3, NOT_TESTED, *[PASSED] * 2, NOT_TESTED]),
            at=None,
        )
        yield case(
            f"{name}-har", "a HAR file", har(headers, TARGET.removeprefix("/api")), proven("path", wrong_mac)
        )
        yield case(
            f"{name}-fetch",
            "a request copied as fetch",
            copied_as_fetch(headers, f"/gw{TARGET}"),
            proven("path", wrong_mac),
        )
        yield case(
            f"{name}-curl",
            "a request copied as cURL",
            copied_as_curl(headers, f"/gw{TARGET}"),
            proven("path", wrong_mac),
        )
    yield from hosts_and_bodies(case, wrong_mac)
    yield from names(case, wrong_mac)
    yield from heads(case)
    yield from other_logs(case)
    yield from late_requests(case)
    yield from doubled_headers(case)
    yield from absent_bodies(case)
    yield from hosts_not_covered(case)
    yield from refusals(case)


def hosts_and_bodies(case, wrong_mac):
    signed = message()
    yield case(
        "host-port",
        "nginx adds a port to the host",
        raw(signed, host=f"{HOST}:8080"),
        proven("authority", wrong_mac),
    )
    yield case(
        "host-forwarded",
        "by default, proxy_pass replaces the Host header",
        raw([["X-Forwarded-Host", HOST], *signed], host="10.0.0.7:9000"),
        proven("authority", wrong_mac),
    )
    yield case(
        "host-from-settings",
        "only the settings contain the original host",
        raw(signed, host="backend"),
        proven("authority", failed_at(SENDER), "authority_not_served"),
        authorities=[HOST],
    )
    yield case(
        "host-and-prefix",
        "two changes at once",
        raw([["X-Forwarded-Host", HOST], *signed], TARGET.removeprefix("/api"), host="backend"),
        proven("path and authority", wrong_mac),
    )
    yield case(
        "host-unknown",
        "neither the capture nor the settings contain the signed host",
        raw(signed, host="backend"),
        explained("unexplained", wrong_mac, "signature_mismatch"),
    )
    yield case(
        "query-plus", "%20 becomes +", raw(signed, TARGET.replace("%20", "+")), proven("query", wrong_mac)
    )
    yield case(
        "query-order",
        "query parameters in a different order",
        raw(signed, "/api/v1/visits?to=c&from=a%20b"),
        proven("query", wrong_mac),
    )
    yield case(
        "body-spacing",
        "the JSON body was serialised again",
        raw(signed, body='{"a":1}'),
        proven("body", failed_at(BODY_CHECK), "body_digest_mismatch"),
    )
    yield case(
        "body-line-break",
        "a line break at the end of the body",
        raw(signed, body=BODY + "\n"),
        proven("body", failed_at(BODY_CHECK), "body_digest_mismatch"),
    )
    yield case(
        "body-unknown-change",
        "the digest proves that the body was changed",
        raw(signed, body="else"),
        proven("body", failed_at(BODY_CHECK), "body_digest_mismatch"),
    )
    yield case(
        "pairwise-body",
        "the JSON body was serialised again",
        raw(pairwise(), body='{"a":1}'),
        proven("body", wrong_mac),
    )
    yield case(
        "pairwise-body-unknown-change",
        "a body with an unknown change",
        raw(pairwise(), body="else"),
        explained("unexplained", wrong_mac, "signature_mismatch"),
    )
    untested = [*[PASSED] * 5, NOT_TESTED, NOT_TESTED]
    yield case(
        "verbose-valid",
        "the output of curl -v does not contain the body",
        verbose(signed),
        explained("valid", checks=untested),
    )
    yield case(
        "verbose-prefix",
        "a prefix is missing in the output of curl -v",
        verbose(signed, TARGET.removeprefix("/api")),
        proven("path", wrong_mac),
    )
    untested = [*[PASSED] * 4, NOT_TESTED, NOT_TESTED, NOT_TESTED]
    yield case(
        "verbose-pairwise",
        "without the body, the MAC cannot be tested",
        verbose(pairwise()),
        explained("unexplained", checks=untested),
    )


def names(case, wrong_mac):
    unknown = failed_at(SENDER)
    yield case(
        "receiver",
        "signed for another service",
        raw(message("meals", secret=OTHER_SECRET)),
        proven("pair", unknown, "unknown_client"),
    )
    yield case(
        "pairwise-receiver",
        "signed for another service",
        raw(pairwise(receiver="meals", secret=OTHER_SECRET)),
        proven("pair", wrong_mac),
    )
    yield case(
        "secret-of-another-pair",
        "signed with the secret of another pair",
        raw(message(secret=OTHER_SECRET)),
        proven("pair", wrong_mac),
    )
    yield case(
        "secret-of-another-version",
        "signed with the secret of another version",
        raw(message(secret=PAIR_SECRET_2)),
        proven("key version", wrong_mac),
    )
    altered = [["X-Service-Name", "agnet"], *pairwise()[1:]]
    yield case(
        "sender-altered",
        "the sender name is unknown because it was changed, as the signature proves",
        raw(altered),
        proven("sender", unknown, "unknown_client"),
    )
    stranger = [["X-Service-Name", "stranger"], *pairwise(sender="x")[1:]]
    yield case(
        "sender-without-a-key",
        "an unknown sender, without proof of the cause",
        raw(stranger),
        explained("unexplained", unknown, "unknown_client"),
    )
    replaced = [*by_client()[:3], ["X-Request-ID", "other"], ["X-Original-ID", REQUEST_ID]]
    yield case(
        "request-id", "a proxy replaced the request id", raw(replaced), proven("request id", wrong_mac)
    )


# A covered Content-Digest that is missing causes malformed_header.
REASONS = {"Content-Digest": "malformed_header"}


def heads(case):
    broken = failed_at(HEADERS)
    for name, headers in {"message": message(), "pairwise": pairwise(), "client": by_client()}.items():
        for at, (header, _) in enumerate(headers):
            rest = headers[:at] + headers[at + 1 :]
            yield case(
                f"{name}-without-{header.lower()}",
                "a proxy drops a header",
                raw(rest),
                proven("missing header", broken, REASONS.get(header, "missing_headers")),
            )
        yield case(
            f"{name}-unsigned-curl",
            "a request copied as cURL may lack headers",
            copied_as_curl([["Accept", "*/*"]]),
            explained("unexplained"),
        )
    yield case(
        "unsigned",
        "no signature",
        raw([["Accept", "*/*"]]),
        proven("missing header", broken, "missing_headers"),
    )
    doubled = pairwise() + pairwise()[:1]
    yield case(
        "doubled", "a repeated header", raw(doubled), proven("doubled header", broken, "duplicate_header")
    )
    soon = [pairwise()[0], ["X-Service-Timestamp", "soon"], pairwise()[2]]
    yield case(
        "malformed", "a malformed header", raw(soon), proven("malformed header", broken, "malformed_header")
    )
    yield case(
        "unit",
        "a timestamp in seconds instead of milliseconds",
        raw(by_client(NOW)),
        proven("timestamp", failed_at(TIME), "stale_timestamp"),
    )
    record = {
        "sealwire_reason": "signature_mismatch",
        "sealwire_sender": "agent",
        "message": "request rejected",
    }
    yield case(
        "log-record",
        "a log record without a signature",
        json.dumps(record),
        explained("unexplained", failed_at(MAC, NOT_REACHED, PASSED), "signature_mismatch"),
    )
    yield case(
        "log-path",
        "the log line contains a different path",
        raw(message()),
        proven("path", wrong_after(MAC)),
        log="request rejected: signature_mismatch, from agent: POST /visits",
    )
    yield case(
        "log-replayed",
        "the log proves that a valid request was replayed",
        raw(message()),
        proven("replay", wrong_after(REPLAY), "replayed"),
        log="request rejected: replayed, from agent: POST /api/v1/visits",
    )


def other_logs(case):
    for part, line in {
        "sender": "replayed, from meals: POST /api/v1/visits (1)",
        "method": "replayed, from agent: GET /api/v1/visits (1)",
        "path": "replayed, from agent: POST /api/v1/other (1)",
        "stale": "stale_timestamp, from meals: POST /api/v1/visits (1)",
        "rewritten-to-another": "signature_mismatch, from agent: POST /other (1)",
        "rewritten-by-another": "signature_mismatch, from meals: POST /visits (1)",
    }.items():
        yield case(
            f"log-of-another-{part}",
            "the log line belongs to another request",
            raw(message()),
            explained("valid"),
            log=f"request rejected: {line}",
        )
    for name, path in {"decoded": "/api/v1/visit s", "encoded": "/api/v1/visit%20s"}.items():
        target = "/api/v1/visit%20s"
        yield case(
            f"log-path-{name}",
            "some frameworks log the decoded path",
            raw(message(target=target), target),
            proven("replay", wrong_after(REPLAY), "replayed"),
            log=f"request rejected: replayed, from agent: post {path} (10.0.0.7)",
        )


def late_requests(case):
    late = {
        "at": (NOW + 5000) * 1000,
        "log": "request rejected: stale_timestamp, from agent: POST /api/v1/visits",
    }
    late_checks = failed_at(TIME)
    stale = "stale_timestamp"
    yield case("late", "the clocks differ", raw(message()), proven("clock", late_checks, stale), **late)
    yield case(
        "late-path",
        "the verifier checks the time first",
        raw(message(), TARGET + "&x=1"),
        proven("clock and query", late_checks, stale),
        **late,
    )
    yield case(
        "late-body",
        "the verifier checks the time first",
        raw(message(), body="else"),
        proven("clock and body", late_checks, stale),
        **late,
    )
    yield case(
        "late-in-the-log",
        "only the log line shows that the timestamp was stale",
        raw(message()),
        proven("clock", late_checks, stale),
        log=late["log"],
    )


def doubled_headers(case):
    broken = failed_at(HEADERS)
    signed = message()
    for at, (header, _) in enumerate(signed):
        again = [*signed, signed[at]]
        yield case(
            f"message-doubled-{header.lower()}",
            "a repeated header",
            raw(again),
            proven("doubled header", broken, "malformed_header"),
        )
    for name, host in {"host": HOST, "other-host": "other.test"}.items():
        yield case(
            f"message-doubled-{name}",
            "two Host headers",
            raw([["Host", host], *signed]),
            proven("doubled header", failed_at(HEADERS), "malformed_header"),
        )
    yield case(
        "pairwise-doubled-host",
        "pairwise does not sign the host, so a repeated Host header has no effect",
        raw([["Host", HOST], *pairwise()]),
        explained("valid"),
    )


def absent_bodies(case):
    signed = message()
    absent = explained("valid", checks=[*[PASSED] * 5, NOT_TESTED, NOT_TESTED])
    no_body = {"method": "POST", "url": f"https://{HOST}{TARGET}", "headers": {"Host": HOST} | dict(signed)}
    har_body = json.loads(har(signed))
    del har_body["log"]["entries"][0]["request"]["postData"]
    har_body["log"]["entries"][0]["request"]["bodySize"] = -1
    fetched = f'fetch("https://{HOST}{TARGET}", {json.dumps({"headers": dict(signed), "method": "POST"})});'
    chunked = raw([*signed, ["Transfer-Encoding", "chunked"]], body='3\r\n{"a\r\n')
    for name, capture in {
        "json": json.dumps(no_body),
        "har": json.dumps(har_body),
        "fetch": fetched,
        "chunked": chunked,
        "raw": raw(signed, body=""),
    }.items():
        yield case(f"body-absent-{name}", "the capture contains no body", capture, absent)
    yield case(
        "body-dropped",
        "the capture shows that the body is empty",
        raw([*signed, ["Content-Length", "0"]], body=""),
        proven("body", failed_at(BODY_CHECK), "body_digest_mismatch"),
    )


def hosts_not_covered(case):
    bare = raw(message(components=[each for each in COMPONENTS if each != '"@authority"']))
    uncovered = proven("coverage", failed_at(HEADERS), "missing_coverage")
    yield case("host-not-covered", "the signature must cover the host", bare, uncovered)
    yield case(
        "host-not-covered-but-ignored",
        "the setting ignoreAuthority permits an unsigned host",
        bare,
        explained("valid"),
        ignoreAuthority=True,
    )
    yield case(
        "host-not-covered-but-replayed",
        "the log contains `replayed`, so the verifier accepted the MAC without a signed host",
        bare,
        proven("replay", wrong_after(REPLAY), "replayed"),
        log="request rejected: replayed, from agent: POST /api/v1/visits",
    )


def refusals(case):
    for name, capture in {
        "access-log": '10.0.0.7 - - [29/Nov/2026:18:00:00 +0000] "GET /x HTTP/1.1" 401 12\n',
        "bare-curl": "curl http://practices.internal/x",
        "no-headers": "GET /x HTTP/1.1\r\n\r\n",
        "text": "hello",
        "empty": "",
        "json-without-a-request": "{}",
        "fetch-of-a-variable": "fetch(url)",
    }.items():
        yield case(f"refused-{name}", "not a capture", capture, {"refused": True})
    yield case("refused-time", "not a time", raw(message()), {"refused": True}, at="soon")
    yield case("refused-empty-sent", "no capture", raw(message()), {"refused": True}, sent="")
    yield case("refused-flag", "not a flag", raw(message()), {"refused": True}, ignoreAuthority="yes")
    yield case("refused-service", "the service is required", raw(message()), {"refused": True}, service=None)
    yield case("refused-scheme", "no such scheme", raw(message()), {"refused": True}, schemes=["other"])


def failed_at(place, after=NOT_REACHED, before=PASSED):
    return [*[before] * place, FAILED, *[after] * (len(CHECKS) - place - 1)]


def wrong_after(place):
    """Returns the results of the checks for a valid capture with a log line, which reports that the check at
    `place` failed."""
    return failed_at(place)


def proven(culprit, checks, reason="signature_mismatch"):
    return explained("proven", checks, reason, culprit)


def explained(outcome, checks=None, reason=None, culprit=None):
    if outcome == "valid" and checks is None:
        checks = [*[PASSED] * 6, NOT_TESTED]
    return {
        "explained": {
            "outcome": outcome,
            "culprit": culprit,
            "reason": reason,
            "exit_code": 0 if outcome == "proven" else 1,
            "checks": checks or [],
        }
    }
