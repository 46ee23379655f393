"""Hostile requests that are expensive to parse before the verifier can check the MAC."""

from collections.abc import Iterator

from measure import Request

TARGET = b"/auth/user/refresh-session"
# The size of the large parts, in bytes. It fits into the largest request head that common servers accept.
LARGE = 58_000
PARAMETERS = 'created=1712419200;nonce="n-1";alg="hmac-sha256";keyid="{}#1";tag="sealwire"'
DEFAULTS = '"@method" "@authority" "@path" "@query"'
MAC = b":" + b"A" * 43 + b"=:"
ORDINARY = (
    (b"host", b"practices.internal"),
    (b"user-agent", b"billing/1.4"),
    (b"accept", b"application/json"),
)
DICTIONARIES = ["priority", "content-digest", "repr-digest", "want-content-digest", "accept-signature"]
LISTS = ["cache-status", "proxy-status", "accept-ch", "client-cert-chain"]


def message(
    components: str = "",
    headers: tuple[tuple[bytes, bytes], ...] = (),
    *,
    target: bytes = TARGET,
    before: str = "",
    after: str = "",
    parameters: str = "",
    key: str = "agent/practices",
) -> Request:
    """Returns a request with a forged signature. `before` and `after` are additional members of the
    `Signature-Input` header."""
    covered = f"{DEFAULTS} {components}".strip()
    own = f"sealwire=({covered});{PARAMETERS.format(key)}{parameters}"
    member = ", ".join(part for part in (before, own, after) if part)
    signature = ((b"signature-input", member.encode()), (b"signature", b"sealwire=" + MAC))
    return Request("message", target, ORDINARY + headers + signature)


def field(name: str, value: str) -> tuple[bytes, bytes]:
    return name.encode(), value.encode()


def members(count: int, member: str = "a{}") -> str:
    return ",".join(member.format(at) for at in range(count))


def query_parameters(names: list[str]) -> str:
    return " ".join(f'"@query-param";name="{name}"' for name in names)


def catalogue() -> dict[str, Request]:
    cases = (queries(), structured(), lists(), lines(), fields(), signatures(), older())
    return {name: request for group in cases for name, request in group}


def queries() -> Iterator[tuple[str, Request]]:
    names = [f"p{at}" for at in range(28)]
    alike = ["a" * 40 + chr(97 + at % 26) + str(at) for at in range(28)]
    for label, part, wanted in [
        ("a repeated one-letter parameter", "a&", ["a", *names[1:]]),
        ("a one-letter parameter that is not covered", "a&", [f"a{at}" for at in range(28)]),
        ("a longer parameter that is not covered", "p29&", names),
        ("empty parameters", "&", names),
        ("empty names", "=&", names),
        ("percent-coded names", "%70&", names),
        ("percent-coded names of four bytes", "%F0%9F%99%82&", [*names[1:], "%F0%9F%99%81"]),
        ("plus signs", "+&", [*names[1:], "%20a"]),
        ("names with the same prefix", "a" * 40 + "&", alike),
        ("names that are one character shorter", "a" * 40 + "m&", alike),
    ]:
        query = (part * (LARGE // len(part))).encode()
        yield f"28 query parameters: {label}", message(query_parameters(wanted), target=b"/a?" + query)
    for label, value in [
        ("plain", "a"),
        ("to be encoded", "!"),
        ("percent-coded", "%21"),
        ("of four bytes", "%F0%9F%99%82"),
        ("plus signs", "+"),
    ]:
        value = value * (LARGE // len(value))
        covered = query_parameters(["p"]) + ' "@target-uri" "@request-target"'
        yield f"a long query parameter, {label}", message(covered, target=f"/a?p={value}".encode())
    short = "".join(f"p{at}=1&" for at in range(28)).encode()
    yield "28 short query parameters", message(query_parameters(names), target=b"/a?" + short)


def structured() -> Iterator[tuple[str, Request]]:
    keyed = " ".join(f'"priority";key="a{at}"' for at in range(28))
    for count in (28, 64, 120):
        value = members(count)
        yield f"sf of {count} keys", message('"priority";sf', (field("priority", value),))
        yield f"28 keys of {count}", message(keyed, (field("priority", value),))
    same = ",".join(["a"] * 120)
    yield "sf of one key, repeated 120 times", message('"priority";sf', (field("priority", same),))
    yield (
        "sf of long keys",
        message('"priority";sf', (field("priority", members(120, "k" * 27 + "{:05}")),)),
    )
    parameters = "a" + "".join(f";b{at}" for at in range(120))
    yield "sf of 120 parameters", message('"priority";sf', (field("priority", parameters),))
    yield "sf of a list with 120 parameters", message('"accept-ch";sf', (field("accept-ch", parameters),))
    spread = members(60, "a{};b")
    yield "sf of 60 keys with a parameter", message('"priority";sf', (field("priority", spread),))
    inner = "a=(" + " ".join(["1"] * 2000) + ")"
    yield "sf of an inner list with 2,000 items", message('"priority";sf', (field("priority", inner),))
    yield "a key with 2,000 inner items", message('"priority";key="a"', (field("priority", inner),))
    for fields, form, kind in [
        (DICTIONARIES, "sf", members(120)),
        (LISTS, "sf", members(120)),
        (DICTIONARIES, 'key="a1"', members(120)),
        ([f"x-{at}" for at in range(28)], 'key="a1"', members(120)),
        ([f"x-{at}" for at in range(28)], 'key="a"', "a=(" + " ".join(["1"] * 1000) + ")"),
    ]:
        covered = " ".join(f'"{name}";{form}' for name in fields)
        headers = tuple(field(name, kind) for name in fields)
        yield f"{form.split('=')[0]} of {len(fields)} fields of {len(kind)} bytes", message(covered, headers)
    turns = " ".join(f'"x-{at % 2}";key="a{at}"' for at in range(28))
    two = (field("x-0", members(120)), field("x-1", members(120)))
    yield "28 keys, alternating between two fields", message(turns, two)
    display = '%"' + "%c3%bc" * 600 + '"'
    yield "sf of a display string", message('"deprecation";sf', (field("deprecation", display),))
    string = 'a="' + "x" * 4000 + '"'
    yield "sf of a long string", message('"priority";sf', (field("priority", string),))
    binary = "a=:" + "A" * 4000 + ":"
    yield "sf of a long byte sequence", message('"priority";sf', (field("priority", binary),))
    token = "a=" + "x" * 4000
    yield "sf of a long token", message('"priority";sf', (field("priority", token),))
    many = tuple(field("priority", f"a{at}") for at in range(120))
    yield "sf of 120 lines", message('"priority";sf', many)
    both = " ".join(f'"priority";key="a{at}"' for at in range(26)) + ' "priority";sf "priority"'
    yield "26 keys and sf of 120 lines", message(both, many)


def lists() -> Iterator[tuple[str, Request]]:
    """Requests with long structured fields. A verifier parses these fields even if the signature covers only
    their text."""
    for count in (40, 400, LARGE // 2):
        value = ",".join(["a"] * count)
        yield f"a digest of {count:,} members", message('"content-digest"', (field("content-digest", value),))
    spelled = "sha-256=:" + "A" * LARGE + ":"
    yield "a digest of 58,000 digits", message('"content-digest"', (field("content-digest", spelled),))
    padded = "sha-256=" + MAC.decode() + " " * LARGE
    yield "a digest and 58,000 spaces", message('"content-digest"', (field("content-digest", padded),))
    yield "58,000 bytes of Accept-Signature", message(headers=(field("accept-signature", members(9000)),))


def lines() -> Iterator[tuple[str, Request]]:
    decoys = tuple(field(f"x-a{at:03}z", "1") for at in range(245))
    yield "245 other lines", message(headers=decoys)
    covered = " ".join(f'"x-a{at:03}z"' for at in range(28))
    yield "28 fields among 245 lines", message(covered, decoys)
    yield "28 fields among 100 lines", message(covered, decoys[:100])
    yield "28 fields among 60 lines", message(covered, decoys[:60])
    long = tuple(field("x-" + "a" * 40 + f"{at:03}z", "1") for at in range(245))
    covered = " ".join(f'"{name.decode()}"' for name, _ in long[:28])
    yield "28 long names among 245 lines", message(covered, long)
    yield "28 long names among 60 lines", message(covered, long[:60])
    upper = tuple((name.upper(), value) for name, value in long)
    yield "28 long names among 245 lines in upper case", message(covered, upper)
    yield "28 long names among 60 lines in upper case", message(covered, upper[:60])
    same = tuple(field("x-a", "1") for _ in range(245))
    forms = '"x-a" "x-a";bs "x-a";key="a"'
    yield "one field of 245 lines", message(forms, same)
    yield "one field of 120 lines", message(forms, same[:120])
    yield (
        "one field of 245 empty lines",
        message('"x-a" "x-a";bs', tuple(field("x-a", "") for _ in range(245))),
    )
    for name in ("signature-input", "signature", "content-digest", "x-user-id"):
        yield (
            f"245 lines of {name}",
            message('"content-digest"', tuple(field(name, "a=()") for _ in range(245))),
        )
    overrides = [field(f"x-{at}", "1") for at in range(240)] + [field("x-rewrite-url", "/")]
    yield "an override header after 240 lines", message('"x-rewrite-url"', tuple(overrides))


def fields() -> Iterator[tuple[str, Request]]:
    for size in (4_000, 8_000, LARGE):
        for form in ("", ";bs"):
            for label, value in [
                ("letters", b"a" * size),
                ("spaces", b"a" + b" " * size + b"a"),
                ("folds", b"a\r\n " * (size // 4) + b"a"),
                ("spaces and folds", (b"a" + b" " * 60 + b"\r\n ") * (size // 64) + b"a"),
                ("line breaks", b"\r\n" * (size // 2)),
            ]:
                name = f"a field of {size:,} bytes{form and ' as bytes'}: {label}"
                yield name, message(f'"x-a"{form}', ((b"x-a", value),))
        parts = tuple(field(f"x-{at}", "a" * (size // 28)) for at in range(28))
        covered = " ".join(f'"x-{at}"' for at in range(28))
        yield f"28 fields of {size:,} bytes in all", message(covered, parts)
        covered = " ".join(f'"x-{at}" "x-{at}";bs' for at in range(14))
        yield f"14 fields twice, {size:,} bytes in all", message(covered, parts)


def signatures() -> Iterator[tuple[str, Request]]:
    for label, member in [
        ("empty", "a{}=()"),
        ("tagged", 'a{}=();tag="x"'),
        ("for others", 'a{}=();created=1;keyid="a/b#1";tag="sealwire"'),
        ("of items", '{}=("a" "b")'.replace("{}", "a{}")),
        ("no lists", "a{}"),
    ]:
        for count in (10, 28, 60, 150, 700):
            other = members(count, member)[:3800].rpartition(",")[0]
            if other:
                yield f"{other.count(',') + 1} other signatures, {label}", message(before=other)
                yield f"{other.count(',') + 1} other signatures after ours, {label}", message(after=other)
    for size in (60, 250, 1000, 1800):
        items = " ".join(['"a"'] * size)[:3700].rpartition(" ")[0]
        yield f"another signature of {items.count(' ') + 1} items", message(before=f"a=({items})")
        yield f"a signature of {items.count(' ') + 5} items", message(items)
        flags = ";a" * size
        yield f"another signature of {size} parameters", message(before=f"a=(){flags}"[:3800])
        yield f"a signature with {size} parameters", message(parameters=flags[:3800])
        yield f"an item of {size} parameters", message(before=f'a=("a"{flags[:3700]})')
        yield f"a component of {size} parameters", message(f'"a"{flags[:3700]}')
        spaces = " " * 2 * size
        yield f"a list with {2 * size} spaces", message(spaces + '"@scheme"')
    numbers = "(" + " ".join(["1"] * 1800) + ")"
    yield "another signature of 1,800 numbers", message(before="a=" + numbers)
    tokens = 'a=("' + "x" * 3600 + '")'
    yield "another signature of one long string", message(before=tokens)
    escapes = 'a=("' + '\\"' * 1800 + '")'
    yield "another signature of 1,800 escapes", message(before=escapes)
    yield "a key id of 3,700 bytes", message(key="agent/practices" + "_service" * 460)
    for count in (10, 28, 60):
        other = members(count, "a{}=:AAAA:").encode() + b", sealwire=" + MAC
        request = message()
        headers = (*(line for line in request.headers if line[0] != b"signature"), (b"signature", other))
        yield f"{count} other values in Signature", Request("message", TARGET, headers)
    long = tuple(line for line in message().headers if line[0] != b"signature")
    large = b"a=:" + b"A" * 4000 + b":, sealwire=" + MAC
    yield "a long value in Signature", Request("message", TARGET, (*long, (b"signature", large)))
    distinct = " ".join(f'"x-{at}"' for at in range(28))
    yield "28 absent fields", message(distinct)
    yield "the same component 28 times", message(" ".join(['"x-0"'] * 28))
    yield "another label", message(key="nobody/practices")


def older() -> Iterator[tuple[str, Request]]:
    for target in (TARGET, b"/a?" + b"a" * LARGE):
        for name in (b"billing", b"rotating-client"):
            headers = (
                (b"x-client-id", name),
                (b"x-timestamp", b"1712419200000"),
                (b"x-request-id", b"n-1"),
                (b"x-signature", b"0" * 64),
            )
            label = f"client: {name.decode()}, a target of {len(target):,} bytes"
            yield label, Request("client", target, ORDINARY + headers)
        for name in (b"agent", b"rotating"):
            headers = (
                (b"x-service-name", name),
                (b"x-service-timestamp", b"1712419200"),
                (b"x-service-signature", b"0" * 64),
            )
            label = f"pairwise: {name.decode()}, a target of {len(target):,} bytes"
            yield label, Request("pairwise", target, ORDINARY + headers)
    for scheme, name in [
        ("client", b"x-client-id"),
        ("client", b"x-signature"),
        ("pairwise", b"x-service-name"),
    ]:
        for value in (b"a" * LARGE, b"_service" * (LARGE // 8)):
            yield (
                f"{scheme}: {len(value):,} bytes of {name.decode()}",
                Request(scheme, TARGET, ((name, value),)),
            )
