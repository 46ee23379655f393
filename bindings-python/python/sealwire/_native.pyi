"""Types of the native module; import its names from `sealwire`."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from datetime import datetime
from inspect import Signature
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, Protocol, TypeAlias, TypedDict, final
from uuid import UUID

from typing_extensions import Buffer

from sealwire._errors import Rejected
from sealwire._words import Mode, Scheme, Strings

__all__ = [
    "CACHE_CONTROL",
    "CHALLENGE",
    "CLIENT_ID_HEADER",
    "CLIENT_REQUEST_ID_HEADER",
    "CLIENT_SIGNATURE_HEADER",
    "CONNECTION_STRING_FAILED_FIELD",
    "CONNECTION_STRING_HEADER",
    "DEFAULT_FUTURE_SECONDS",
    "DEFAULT_PAST_SECONDS",
    "MESSAGE_SIGNATURE_HEADER",
    "MODES",
    "REASONS",
    "REJECTED_CACHE_CONTROL",
    "REQUEST_TIMEOUT",
    "SCHEMES",
    "SERVICE_NAME_HEADER",
    "SERVICE_SIGNATURE_HEADER",
    "SERVICE_TIMESTAMP_HEADER",
    "SIGNATURE_MISMATCH",
    "UNAUTHORIZED",
    "UNKNOWN_SENDER",
    "UNSIGNED_TEXT",
    "USER_ID_HEADER",
    "VERIFIED_CACHE_CONTROL",
    "ConnectionString",
    "Identity",
    "KeyDocument",
    "KeyFile",
    "KeyRing",
    "KeyStatus",
    "Modes",
    "Pending",
    "Proven",
    "ReplayTable",
    "Signer",
    "Stats",
    "VerifiedResponse",
    "Verifier",
    "__version__",
    "canonical_name",
    "challenge",
    "change_mode_file",
    "check_open_settings",
    "check_settings",
    "discard_nonces",
    "explain_rejection",
    "generate_key_file",
    "help_url",
    "is_enabled",
    "is_local_health_check",
    "key_file_format",
    "origin_form",
    "read_capture",
    "read_mode_file",
    "read_variables",
    "secret_variable",
    "settings_of",
    "sign_pairwise",
    "split_url",
    "verify_pairwise",
]

class _SenderPolicy(TypedDict, total=False):
    mode: Mode
    methods: Strings
    path_prefixes: Strings

_Text: TypeAlias = str | bytes
_Pair: TypeAlias = tuple[_Text, _Text] | list[str] | list[bytes]

class _HasItems(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...

_Headers: TypeAlias = Iterable[_Pair] | _HasItems
_Secret: TypeAlias = str | bytes
_Versions: TypeAlias = _Secret | Mapping[int, _Secret] | Mapping[str, Any]

__version__: Final[str]
MODES: Final[list[Mode]]
SCHEMES: Final[list[Scheme]]
REASONS: Final[list[str]]
DEFAULT_PAST_SECONDS: Final[int]
DEFAULT_FUTURE_SECONDS: Final[int]
REQUEST_TIMEOUT: Final[int]
UNAUTHORIZED: Final[int]
CHALLENGE: Final[str]
CACHE_CONTROL: Final[str]
VERIFIED_CACHE_CONTROL: Final[str]
REJECTED_CACHE_CONTROL: Final[str]
SIGNATURE_MISMATCH: Final[str]
UNKNOWN_SENDER: Final[str]
UNSIGNED_TEXT: Final[str]
SERVICE_NAME_HEADER: Final[str]
SERVICE_TIMESTAMP_HEADER: Final[str]
SERVICE_SIGNATURE_HEADER: Final[str]
USER_ID_HEADER: Final[str]
CLIENT_ID_HEADER: Final[str]
CLIENT_REQUEST_ID_HEADER: Final[str]
CLIENT_SIGNATURE_HEADER: Final[str]
MESSAGE_SIGNATURE_HEADER: Final[str]
CONNECTION_STRING_HEADER: Final[str]
CONNECTION_STRING_FAILED_FIELD: Final[str]

def explain_rejection(keys: KeyRing, request: str) -> tuple[str, str, int]:
    """Explains a rejected request. `request` is JSON. Returns the result as JSON and as text, and the exit code of the
    command. Raises `ConfigError` for invalid input."""

def read_capture(
    content: bytes, entry: int | None = None
) -> tuple[str, str, list[tuple[str, str]], bytes | None]:
    """Reads a captured request: method, target, headers and body. The body is None if the capture does not contain it."""

def canonical_name(name: str) -> str:
    """Returns the name by which keys and rules of a service are found: the name without the suffix `_service`."""

def origin_form(target: str) -> str:
    """Returns the path and query of a target in absolute-form (RFC 9112 section 3.2.2), and other targets unchanged."""

def help_url(text: str) -> str:
    """Returns the address of the page about a reason, or about the start-up error with this message."""

def secret_variable(one: str, other: str) -> str:
    """Returns the environment variable for the secret of two services. Raises `ConfigError` for an invalid name."""

def sign_pairwise(
    keys: KeyRing,
    sender: str,
    receiver: str,
    method: str,
    path: str,
    body: str | Buffer | None,
    timestamp: int,
    /,
) -> str:
    """Returns the signature of a request at `timestamp`, Unix seconds, in lower-case hex. The path is signed as given,
    with its query. Strings are signed as UTF-8."""

def verify_pairwise(
    keys: KeyRing,
    sender: str,
    receiver: str,
    method: str,
    path: str,
    body: str | Buffer | None,
    signature: str,
    timestamp: int,
    past: int,
    now: int | None = None,
    /,
) -> bool:
    """Returns whether a request is signed, not older than `past` seconds and not further ahead of the clock than the default.
    `now` is in Unix seconds, by default the clock's."""

def challenge(service: str) -> str:
    """Returns the value of `WWW-Authenticate` in a 401 response of a service (RFC 9110 section 11.6.1)."""

def check_settings(group: str, settings: Mapping[str, Any], language: str = "python") -> None:
    """Checks the settings of one group of the catalogue; raises `ConfigError`, which contains the setting and the fix."""

def check_open_settings(group: str, settings: Mapping[str, Any]) -> None:
    """Validates the names in a configuration of Node.js that contains other settings too. Raises `ConfigError` for a name
    that is nearly a setting of the group."""

def settings_of(group: str) -> list[tuple[str, str | None, str]]:
    """Returns name, default as a Python literal, and documentation of each setting of a group.

    The default is None if it is not a literal, and `...` if the setting is required.
    """

def discard_nonces() -> None:
    """Discards the random bytes that all threads have read in advance for nonces.

    Call it in each copy after the memory of the process was copied without a fork.
    """

def is_enabled(value: str | None) -> bool:
    """Parses the variable that switches enforcement off."""

def is_local_health_check(method: str, target: str, peer: str) -> bool:
    """Returns whether this is a health check from this machine, which servers of the `client` scheme accept
    unsigned."""

def split_url(url: str) -> tuple[str, str, str]:
    """Splits an absolute URL into the scheme, the authority and the target that are signed. `SignError` for other URLs."""

@final
class Identity:
    """The sender of a request. True in a condition if the request was verified."""

    @staticmethod
    def unverified(rejected: Rejected) -> Identity:
        """The identity of a rejected request that the mode accepts, for code that needs one. It has no sender."""
    @property
    def verified(self) -> bool:
        """Whether the request was verified. False only for a rejected request that the mode accepted.

        Then `sender` is empty.
        """
    @property
    def sender(self) -> str:
        """The canonical name of the sender: a service name or a client id, without the suffix ``_service``."""
    @property
    def name_as_sent(self) -> str:
        """The sender's name as sent, which the MAC covers."""
    @property
    def scheme(self) -> Scheme:
        """The scheme that was verified."""
    @property
    def key_version(self) -> int:
        """The key version that matched."""
    @property
    def user_id(self) -> str | None:
        """The user of the request: signed with `message`, reported on request with `pairwise`, otherwise None."""
    @property
    def nonce(self) -> str | None:
        """The nonce or request id; None if none is claimed."""
    @property
    def age_ms(self) -> int:
        """The age of the request in milliseconds; negative if its clock was ahead."""
    def apply_to_scope(self, scope: MutableMapping[str, Any]) -> None:
        """Reports the sender to an ASGI application, in `scope["state"]`."""
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class VerifiedResponse:
    """The contents of a verified response."""

    @property
    def server_time(self) -> int:
        """The clock of the server, in Unix seconds."""
    @property
    def key_version(self) -> int:
        """The version of the signing key."""

@final
class KeyStatus:
    """The usage of a key version."""

    @property
    def name(self) -> str:
        """The entry: two services with a slash between, a client id, or `issuer`."""
    @property
    def version(self) -> int:
        """The version."""
    @property
    def primary(self) -> bool:
        """True for the primary version, which signs requests."""
    @property
    def accepted(self) -> int:
        """The number of requests that this process accepted with this version."""
    @property
    def last_accepted(self) -> int | None:
        """The time of the last accepted request, in Unix seconds; None if there was none."""

@final
class KeyRing:
    """Secrets by name: of pairs of services, of clients, and of the token issuer.

    A secret is `bytes` or `str`. A `str` is base64 for a pair, and plain text (UTF-8) for a client and the issuer.
    Instead of one secret, pass a mapping of version to secret, or `{"versions": {1: .., 2: ..}, "primary": 2}`.

    Settings:

    - `pairs`: Secrets by pair of services, `agent/practices`, in any order. Give a mapping of pairs to secrets. Default: `{}`.
    - `clients`: Secrets by client id. Give a mapping of client ids to secrets. Default: `{}`.
    - `issuer`: The key that signs connection strings. Give a secret, or versions of one.
    - `allow_weak`: Accepts secrets of fewer than 32 bytes. Give true or false. Default: `False`.
    """

    __signature__: ClassVar[Signature]
    def __new__(
        cls,
        pairs: Mapping[tuple[str, str], _Versions] | Mapping[str, _Versions] | None = ...,
        clients: Mapping[str, _Versions] | None = ...,
        issuer: _Versions | None = None,
        *,
        allow_weak: bool = False,
    ) -> KeyRing: ...
    @staticmethod
    def from_dict(data: dict[str, Any], *, allow_weak: bool = False) -> KeyRing:
        """Creates a key ring from a configuration: `{"pairs": {"agent/practices": ..}, "clients": {..}, "issuer":
        ..}`."""
    @staticmethod
    def from_env(
        service: str | None = None,
        *,
        pairs: Sequence[tuple[str, str] | str] | None = None,
        environ: Mapping[str, str] | None = None,
        allow_weak: bool = False,
    ) -> KeyRing:
        """Reads pair secrets from the environment: every pair with `service`, or only the named `pairs`.

        `environ` replaces the process's own environment. A missing or invalid secret raises `ConfigError`, which
        contains the variable.
        """
    def replace(self, ring: KeyRing) -> None:
        """Replaces all keys by those of another ring, atomically, for every signer and verifier that uses this
        ring."""
    def status(self) -> list[KeyStatus]:
        """Returns the usage of each key version, to see when an old one can be retired."""
    def __len__(self) -> int: ...

@final
class KeyFile:
    """The contents of a key file, before its references are resolved."""

    @staticmethod
    def read(path: str | PathLike[str], table: str | None = None, service: str | None = None) -> KeyFile:
        """Reads a file. `table` is the issuer's table in a larger file. `service` selects the pairs of one service."""
    def lookups(self) -> list[tuple[str, str, str]]:
        """The references to resolve: entry and version, kind, and the reference as JSON."""
    def ring(self, resolved: Sequence[str | bytes], allow_weak: bool) -> KeyRing:
        """Builds the ring from the secret of each lookup, in order."""
    def check(self, allow_weak: bool) -> KeyRing:
        """Builds the ring with a placeholder for each secret that is stored elsewhere."""
    @property
    def holds_secrets(self) -> bool:
        """Whether a secret is written in the file itself."""
    @property
    def allow_weak(self) -> bool:
        """Whether the file accepts secrets under 32 bytes."""
    def entries(self) -> list[tuple[str, str, int, list[tuple[int, str | None]]]]:
        """Section, name, primary version, and each version with its secret if that is in the file."""
    def retire_dates(self) -> list[tuple[str, int, int]]:
        """The planned retirement of versions: entry, version and Unix seconds."""

@final
class KeyDocument:
    """A key file that can be changed. Its other contents are preserved."""

    @staticmethod
    def open(path: str | PathLike[str], table: str | None = None) -> KeyDocument:
        """Reads a file."""
    def names(self) -> list[str]:
        """The names of the entries, as in status reports."""
    def known(self, name: str) -> str:
        """Returns the entry with this name; the services of a pair can be in either order. Raises `ConfigError` if
        there is none."""
    def section(self, name: str) -> str:
        """`pairs`, `clients` or `issuer`."""
    def versions(self, name: str) -> list[int]:
        """The versions, lowest first."""
    def primary(self, name: str) -> int:
        """The primary version, which signs."""
    def kept(self, name: str) -> tuple[str, str] | None:
        """The location of the newest version: kind and reference as JSON; `None` if its secret is in the file."""
    def add(self, name: str, version: int, secret: str | tuple[str, str]) -> None:
        """Adds a version: a secret, or the kind and the JSON of a reference."""
    def promote(self, name: str, version: int, retire_after: str | None = None) -> None:
        """Makes a version the primary. `retire_after` is the planned retirement of the others."""
    def remove(self, name: str, version: int) -> None:
        """Removes a version, which must not be the primary."""
    def text(self) -> str:
        """Returns the new text of the file."""
    def check(self, allow_weak: bool) -> KeyRing:
        """Checks everything except the targets of references."""
    @property
    def holds_secrets(self) -> bool:
        """Whether a secret is written in the file itself."""

def generate_key_file(entries: Sequence[tuple[str, str, str | tuple[str, str]]], format: str) -> str:
    """Returns the text of a new key file for the section, name and secret of each key."""

def key_file_format(path: str) -> str:
    """Returns the format for a file name: `toml`, `json` or `dotenv`."""

def read_mode_file(
    path: str | PathLike[str], mode: str | None = None, senders: Mapping[str, str] | None = None
) -> tuple[Modes, bool]:
    """The modes of a file, and whether a rollback is in force. The arguments are the defaults for settings that the
    file omits."""

def change_mode_file(
    path: str | PathLike[str],
    *,
    mode: str | None = None,
    sender: str | None = None,
    rollback: bool | None = None,
) -> str:
    """Returns the text of a mode file after a change: the mode of the service or a sender, its removal, or a
    rollback."""

def read_variables(path: str | PathLike[str]) -> list[tuple[str, str]]:
    """The variables of a `.env` file."""

@final
class ReplayTable:
    """A replay table. A request is accepted once in this process (`heap`), or in all processes of this host
    (`mapped`)."""

    @staticmethod
    def heap(
        requests_per_second: int | None = 200, window: int | None = 600, *, accept_older: bool = False
    ) -> ReplayTable:
        """Creates a table of this process.

        Requests signed before its creation are rejected, because the table does not contain the nonces from before a
        restart; `accept_older` accepts them. `window` is the sum of the past and the future window, in seconds.
        """
    @staticmethod
    def mapped(
        path: str | PathLike[str] | None = None,
        *,
        service: str | None = None,
        requests_per_second: int | None = 200,
        window: int | None = 600,
    ) -> ReplayTable:
        """Opens or creates a table in a file that all processes of this host map, and that survives restarts. Without
        a `path`, the file is in the runtime directory and has the name of the `service`.
        """
    def claim(self, key: bytes, expires: int) -> bool | None:
        """Claims a key of `Proven`: True when it is new, False when it was claimed before, None if there is no free
        slot."""
    def seen(self, key: bytes) -> bool:
        """Returns whether a key is claimed, without claiming it."""
    @property
    def path(self) -> Path | None:
        """The file of a mapped table."""
    @property
    def backend(self) -> str:
        """`heap` or `mapped`."""
    @property
    def slots(self) -> int:
        """The number of slots. Some claims are rejected before all slots are in use."""
    @property
    def memory(self) -> int:
        """The size of the table in bytes."""
    def clear(self) -> None:
        """Removes all nonces, so that earlier requests are accepted again: for tests. Raises `ConfigError` for a mapped table,
        because other processes need its nonces."""
    def fill(self) -> float:
        """Returns the used share of the table, 0.0 to 1.0, estimated from a sample."""

@final
class Signer:
    """Signs requests as `name`, in one scheme or several at once. Create it once; use it from any thread.

    Settings:

    - `name`: This service's name, or its client id. Give a string. Required.
    - `keys`: The keys; the primary signs. Give a KeyRing. Required.
    - `schemes`: The schemes; each request is signed in all of them. Give a list of "message", "pairwise", "client". Default: `["message"]`.
    - `cover`: Additional header fields that are signed if the request has them. Give a list of header field names. Default: `[]`.
    - `cover_authority`: Signs the authority; set it to false behind proxies that rewrite the authority. Give true or false. Default: `True`.
    - `clock`: Returns the time in Unix milliseconds: for tests. Give a function that returns Unix milliseconds. Default: the clock of the system.
    """

    __signature__: ClassVar[Signature]
    def __new__(
        cls,
        name: str,
        keys: KeyRing,
        *,
        schemes: Iterable[Scheme] | None = ...,
        cover: Strings = ...,
        cover_authority: bool = True,
        clock: Callable[[], int] | None = None,
    ) -> Signer: ...
    def check_receiver(self, receiver: str) -> None:
        """Raises `ConfigError` if the keys cannot sign for a receiver. The client integrations call it when they are created."""
    def sign(
        self,
        method: _Text,
        url: _Text,
        headers: _Headers | None = None,
        body: Buffer | None = None,
        receiver: str = "",
        user_id: str | None = None,
        nonce: str | None = None,
        now_ms: int | None = None,
        as_sent: bool = False,
    ) -> dict[str, str]:
        """Signs a request and returns the headers to send with it, by name.

        `url` is a path with its query, exactly as it is sent, or an absolute URL. An absolute URL is normalised as
        `fetch` does it: dot segments are resolved, characters are percent-encoded, the fragment is dropped. If your
        client sends another form, pass the URL that it sends and `as_sent=True`. `receiver` is the called service,
        needed for pair keys. `body` is exactly the bytes that are sent. `nonce` and `now_ms`, Unix milliseconds, are
        for tests and replays of records; by default both are new for each request. The message of `SignError` contains
        the remedy.
        """
    def verify_response(
        self,
        method: _Text,
        url: _Text,
        sent: _Headers,
        status: int,
        headers: _Headers,
        body: Buffer | None = None,
        receiver: str = "",
        as_sent: bool = False,
    ) -> VerifiedResponse:
        """Verifies the response to a request signed here, and returns its contents. Raises `Rejected`.

        `sent` are the headers of the request with its signature. `method`, `url` and `as_sent` are the values that were
        signed. `headers` and `body` belong to the response, with the body as transferred.
        """
    @property
    def name(self) -> str:
        """The sender's name."""
    @property
    def schemes(self) -> list[str]:
        """The schemes in which it signs requests."""

@final
class Modes:
    """The effect of a rejection: a mode for the service, and modes for single senders that replace it.

    Verifiers and middlewares use it by reference: `replace` changes their modes while the service runs.

    Settings:

    - `mode`: The mode of the service. Give one of "off", "observe", "enforce". Default: `"enforce"`.
    - `senders`: Modes of single senders. Give a mapping of names to one of "off", "observe", "enforce". Default: `{}`.
    - `observe_only`: Changes every `enforce` to `observe`. Give true or false. Default: `False`.
    """

    __signature__: ClassVar[Signature]
    def __new__(
        cls,
        mode: Mode | None = "enforce",
        senders: Mapping[str, Mode] | None = ...,
        *,
        observe_only: bool = False,
    ) -> Modes: ...
    def replace(self, modes: Modes) -> None:
        """Replaces all modes atomically, for every verifier that uses this object, and logs the change. If
        `HMAC_AUTH_ENABLED` is false, they remain limited to observing.
        """
    @property
    def mode(self) -> str:
        """The mode of the service: `off`, `observe` or `enforce`."""
    @property
    def senders(self) -> dict[str, str]:
        """The modes of single senders, by name."""
    @property
    def changes(self) -> int:
        """The number of changes."""

@final
class Verifier:
    """Verifies requests sent to `service`. Create it once; use it from any thread.

    Nonces are claimed in `replay`, by default a file that all processes of this user and service share; `"heap"` is for
    one process. With `external_replay_store` the verifier claims no nonce: use `prove` and `settle` with a store that
    hosts share.

    Settings:

    - `service`: The name of this service; may be empty if only `client` is accepted. Give a string. Required.
    - `keys`: The keys of the senders. Give a KeyRing. Required.
    - `schemes`: The accepted schemes in order of preference. Give a list of "message", "pairwise", "client". Default: `["message"]`.
    - `replay`: The replay store; the default is shared by all workers of the host. Give "heap", a ReplayTable, or a store with a claim method. Default: a mapped file.
    - `observe_only`: Changes every `enforce` to `observe`. Give true or false. Default: `False`.
    - `external_replay_store`: The caller claims nonces with `prove` and `settle`. Give true or false. Default: `False`.
    - `mode`: The effect of a rejection: `observe` accepts, counts and logs, `off` does not verify. Give one of "off", "observe", "enforce". Default: `"enforce"`.
    - `modes`: Modes that can be replaced at run time, instead of `mode`. Give a Modes object.
    - `clock`: Returns the time in Unix milliseconds: for tests. It cannot be used with a mapped or shared replay store. Give a function that returns Unix milliseconds. Default: the clock of the system.
    - `past`: The maximum age of a timestamp. Give a whole number of seconds from 0 to 4147199. Default: `300`.
    - `future`: The maximum time that a timestamp may be in the future; under `client` the default is the same as for the past. Give a whole number of seconds from 0 to 4147199. Default: `5`.
    - `max_body_bytes`: The maximum size of a body; larger bodies are rejected with 413. Give a whole number of bytes from 0 to 1099511627776. Default: 1 MiB.
    - `authorities`: The authorities of this service, such as `api.test` or `https://api.test`; required for client keys under `message`. Give a list of strings, or "any".
    - `scheme`: The URL scheme used by callers if a proxy terminates TLS. Give one of "http", "https". Default: from the connection.
    - `root_path`: The path where the application is mounted. Give a path that starts with /, or an empty string. Default: `""`.
    - `ignore_authority`: Accepts `message` signatures that do not cover the authority, behind proxies that rewrite it. Give true or false. Default: `False`.
    - `require_fields`: Header fields that a `message` signature must cover if the request has them. Give a list of header field names. Default: `[]`.
    - `trust_unsigned_user_id`: Reports the user id of `pairwise`, which is not signed. Give true or false. Default: `False`.
    - `claim_pairwise`: Accepts each `pairwise` signature once. Give true or false. Default: `False`.
    - `listed_senders_only`: Rejects senders without an entry in `senders`. Give true or false. Default: `False`.
    - `senders`: Rules for single senders, by name. Give a mapping of names to settings. Default: `{}`.
    - `exempt_paths`: Paths that need no signature. Give a list of paths that start with /, each exact or ending in *. Default: `[]`.
    - `max_sender_share`: The share of the replay table that one sender may use, if two or more senders have keys. Give a number above 0 and at most 1. Default: `0.5`.
    """

    __signature__: ClassVar[Signature]
    def __new__(
        cls,
        service: str,
        keys: KeyRing,
        *,
        schemes: Sequence[Scheme] = ...,
        replay: ReplayTable | Literal["heap"] | None = None,
        observe_only: bool = False,
        external_replay_store: bool = False,
        mode: Mode | None = "enforce",
        modes: Modes | None = None,
        clock: Callable[[], int] | None = None,
        past: int | None = ...,
        future: int | None = ...,
        max_body_bytes: int | None = 1048576,
        authorities: Strings | Literal["any"] | None = None,
        scheme: Literal["http", "https"] | None = None,
        root_path: str = "",
        ignore_authority: bool = False,
        require_fields: Strings = ...,
        trust_unsigned_user_id: bool = False,
        claim_pairwise: bool = False,
        listed_senders_only: bool = False,
        senders: Mapping[str, _SenderPolicy] | None = ...,
        exempt_paths: Strings = ...,
        max_sender_share: float | None = 0.5,
    ) -> Verifier: ...
    def verify(
        self,
        method: _Text,
        target: _Text,
        headers: _Headers,
        body: Buffer | None = None,
        authority: _Text | None = None,
        url_scheme: _Text | None = None,
        now_ms: int | None = None,
    ) -> Identity:
        """Verifies a complete request and returns its sender. Raises `Rejected`; a request cannot cause another
        exception.

        `target` is the raw path with its query, as on the wire. `headers` are pairs of `bytes` or `str`, or a mapping.
        The default of `authority` is the `Host` header.
        """
    def begin(
        self,
        method: _Text,
        target: _Text,
        headers: _Headers,
        authority: _Text | None = None,
        url_scheme: _Text | None = None,
        now_ms: int | None = None,
        earlier: Identity | None = None,
    ) -> Pending:
        """Verifies the head of a request. Pass the body to `Pending.update`, and end with `finish` or `prove`.

        `earlier` is the result of another verifier that has already accepted this request. Its nonce is then not
        rejected as a replay.
        """
    def begin_asgi(self, scope: Mapping[str, Any], target: _Text | None = None) -> Pending | None:
        """`begin` for an ASGI scope of type `http` or `websocket`; None if the path is exempt.

        `target` replaces the target of the scope.
        """
    def begin_wsgi(
        self,
        method: _Text,
        target: _Text,
        headers: _Headers,
        url_scheme: _Text,
        script_name: _Text,
        path_info: _Text,
        earlier: Identity | None = None,
    ) -> Pending | None:
        """`begin` for a WSGI environment; None if the path is exempt.

        `target` is the target on the wire, in origin-form or absolute-form. `script_name` and `path_info` are the decoded variables.
        """
    @property
    def warnings(self) -> list[str]:
        """Warnings for the operator at the start: keys that cannot be used with these settings, and senders without keys."""
    @property
    def root_path(self) -> str:
        """The path where the application is mounted, without a slash at its end."""
    def sign_response(
        self,
        caller: str,
        scheme: str,
        method: _Text,
        target: _Text,
        headers: _Headers,
        status: int,
        body: Buffer | None = None,
        now_ms: int | None = None,
    ) -> dict[str, str]:
        """Signs a response to a request from `caller`, and returns the headers to add.

        `scheme` is the scheme that was checked, `headers` are those of the request, `body` is the body of the
        response as transferred.
        """
    def sign_response_asgi(
        self,
        caller: str,
        scheme: str,
        scope: Mapping[str, Any],
        status: int,
        body: Buffer | None = None,
        target: _Text | None = None,
    ) -> list[tuple[bytes, bytes]]:
        """`sign_response` for an ASGI scope; the headers are pairs of bytes."""
    def is_exempt(self, path: _Text) -> bool:
        """Whether a path, as on the wire, needs no signature."""
    @property
    def service(self) -> str:
        """The name of this service."""
    @property
    def schemes(self) -> list[str]:
        """The accepted schemes, most preferred first."""
    @property
    def mode(self) -> str:
        """The current mode of the service, without the modes of single senders."""
    @property
    def modes(self) -> Modes:
        """The modes: those passed to the verifier, or its own."""
    @property
    def max_body_bytes(self) -> int:
        """The largest body in bytes."""
    def stats(self) -> Stats:
        """The counters of decisions."""

@final
class Stats:
    """The counters of a verifier."""

    @property
    def accepted(self) -> dict[str, int]:
        """Requests accepted, by scheme."""
    @property
    def rejected(self) -> dict[str, int]:
        """Rejected requests, by reason."""
    @property
    def observed(self) -> dict[str, int]:
        """Requests accepted in observe mode that enforcement would reject, by reason."""

@final
class Pending:
    """A request whose head is verified and whose body has not arrived."""

    @property
    def reads_body(self) -> bool:
        """Whether the signature covers the body. If not, the body need not be read."""
    def update(self, chunk: Buffer) -> None:
        """Adds the next piece of the body. `Rejected` ends the verification."""
    def time_out(self) -> None:
        """Ends a verification whose body did not arrive in time: raises `Rejected`."""
    def finish(self, chunk: Buffer | None = None, now_ms: int | None = None) -> Identity:
        """Adds the last piece of the body, claims the nonce in the verifier's table, and returns the sender."""
    def finish_asgi(
        self, message: Mapping[str, Any] | None, scope: MutableMapping[str, Any]
    ) -> Identity | None:
        """`finish` with a message of an ASGI server, and `Identity.apply_to_scope` for its scope.

        `message` is None if the body was not read. Returns None, and changes nothing, for a message that does not end
        the body.
        """
    def prove(self, chunk: Buffer | None = None) -> Proven:
        """Adds the last piece of the body, and leaves the claim to a store that hosts share."""

@final
class Proven:
    """A request with verified head and body, whose nonce is not claimed yet."""

    @property
    def key(self) -> bytes | None:
        """The nonce's key in a store that hosts share, 32 bytes; None if there is no nonce to claim."""
    @property
    def expires(self) -> int:
        """The time until which the key must be stored, in Unix seconds."""
    def claim(self, now_ms: int | None = None) -> Identity:
        """Claims the nonce in the verifier's own replay table."""
    def settle(self, first: bool | None, now_ms: int | None = None) -> Identity:
        """Accepts or rejects the request with the result of a shared store. `first` is True if the key was new, False
        if it was not, None if the store did not respond.
        """

@final
class ConnectionString:
    """The contents of a connection string."""

    @staticmethod
    def verify(
        token: _Text, keys: KeyRing, now: int | None = None, *, check_expiry: bool = True
    ) -> ConnectionString:
        """Verifies a token's MAC and expiry, or raises `TokenRejected`. `now` is in Unix seconds."""
    @staticmethod
    def inspect(token: _Text) -> ConnectionString:
        """Returns the contents of a token without verifying it."""
    @staticmethod
    def issue(
        keys: KeyRing,
        account: UUID | str,
        expires: datetime,
        roles: Sequence[tuple[str, int]] = ...,
        tenant: UUID | str | None = None,
        subscription: UUID | str | None = None,
    ) -> str:
        """Issues a token with the primary issuer key of the ring.

        `expires` is an aware `datetime`, `roles` are pairs of a name and a permission: 0 reads, 1 writes.
        `ValueError` names an invalid part.
        """
    @property
    def account(self) -> UUID:
        """The account."""
    @property
    def tenant(self) -> UUID | None:
        """The tenant."""
    @property
    def subscription(self) -> UUID | None:
        """The subscription."""
    @property
    def expires(self) -> datetime:
        """The expiry, in its original time zone."""
    @property
    def roles(self) -> list[tuple[str, int]]:
        """The roles: a name and a permission each."""
    @property
    def key_version(self) -> int | None:
        """The version of the signing key."""
    @property
    def verified(self) -> bool:
        """Whether the MAC was verified. Do not base decisions on a token that was only inspected."""
