"""The scheme `message`, with the signature base of RFC 9421 section 2.5 and the Content-Digest of RFC 9530.

Component identifiers are passed in their serialised form, such as `"@query-param";name="Pet"`, so the
reference implementation needs no serialiser.
"""

import base64
import hashlib
import re
from urllib.parse import parse_qsl, quote

from .wire import hmac_sha256, split_target, wire_bytes

DEFAULT_PORTS = {"http": ":80", "https": ":443"}
IDENTIFIER = re.compile(r'^"(?P<name>[^"]+)"(?P<parameters>.*)$')
PARAMETER = re.compile(r';(?P<key>[a-z*][a-z0-9_.*-]*)(?:="(?P<value>[^"]*)")?')


def content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def base(message: dict, components: list[str], parameters: str) -> bytes:
    """Returns the signature base: one line per component, and a line with the parameters. There is no line
    break at the end."""
    lines = [f"{component}: {value(message, component)}" for component in components]
    lines.append(f'"@signature-params": {inner_list(components, parameters)}')
    return wire_bytes("\n".join(lines))


def inner_list(components: list[str], parameters: str) -> str:
    return f"({' '.join(components)}){parameters}"


def signature(key: bytes, signature_base: bytes) -> str:
    """Returns the value for the Signature header, which is Base64 between colons."""
    return f":{base64.b64encode(hmac_sha256(key, signature_base)).decode()}:"


def value(message: dict, component: str) -> str:
    """Returns the value of a component of a request or response. For a component with `;req`, returns the
    value in the request that the response belongs to."""
    found = IDENTIFIER.match(component)
    name = found["name"]
    parameters = {p["key"]: p["value"] for p in PARAMETER.finditer(found["parameters"])}
    source = message["request"] if "req" in parameters else message
    if name.startswith("@"):
        return derived(source, name, parameters)
    return field(source, name, parameters)


def derived(message: dict, name: str, parameters: dict) -> str:
    """Returns the value of a derived component (RFC 9421 section 2.2)."""
    if name == "@status":
        return str(message["status"])
    path, query = split_target(message["target"])
    authority = message["authority"].lower().removesuffix(DEFAULT_PORTS.get(message["scheme"], "\0"))
    return {
        "@method": lambda: message["method"],
        "@authority": lambda: authority,
        "@scheme": lambda: message["scheme"].lower(),
        "@target-uri": lambda: f"{message['scheme'].lower()}://{authority}{message['target']}",
        "@request-target": lambda: message["target"],
        "@path": lambda: path or "/",
        "@query": lambda: f"?{query or ''}",
        "@query-param": lambda: query_parameter(query or "", parameters["name"]),
    }[name]()


def query_parameter(query: str, wanted: str) -> str:
    """Returns the value of a query parameter, decoded as form data and then percent-encoded again (RFC 9421
    section 2.2.8)."""
    pairs = parse_qsl(query, keep_blank_values=True)
    found = [text for name, text in pairs if form_quote(name) == wanted]
    if len(found) != 1:
        raise ValueError(f"{wanted} occurs {len(found)} times in the query")
    return form_quote(found[0])


def form_quote(text: str) -> str:
    return quote(text, safe="-._*")


def field(message: dict, name: str, parameters: dict) -> str:
    """Returns the value of a header field. Its lines are unfolded, trimmed and joined with commas (RFC 9421
    section 2.1)."""
    lines = [text for header, text in message["headers"] if header.lower() == name]
    if not lines:
        raise ValueError(f"{name} is absent")
    if "bs" in parameters:
        return ", ".join(f":{base64.b64encode(wire_bytes(tidy(line))).decode()}:" for line in lines)
    whole = ", ".join(tidy(line) for line in lines)
    return member(whole, parameters["key"]) if "key" in parameters else whole


def tidy(line: str) -> str:
    return re.sub(r"[ \t]*\r?\n[ \t]+", " ", line).strip(" \t")


def member(dictionary: str, key: str) -> str:
    """Returns the value of a dictionary member (RFC 9421 section 2.1.2). Values that contain commas are not
    supported."""
    for part in dictionary.split(","):
        name, equals, text = part.strip().partition("=")
        if name == key:
            return re.sub(r" +", " ", text) if equals else "?1"
    raise ValueError(f"no member {key}")
