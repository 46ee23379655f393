"""The types of the native module. Import public names from `sealwire`."""

from collections.abc import Callable, Generator, Iterable, Mapping, MutableMapping, Sequence
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
    "file_state",
    "first_step",
    "generate_key_file",
    "help_url",
    "is_enabled",
    "is_local_health_check",
    "is_open_to_others",
    "key_file_format",
    "origin_form",
    "read_capture",
    "read_mode_file",
    "read_variables",
    "secret_variable",
    "settings_of",
    "shown_name",
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
    """Explains why a request was rejected. `request` is JSON. Returns the explanation as JSON and as text,
    and the exit code of `sealwire explain`. Raises `ConfigError` for invalid input."""

def read_capture(
    content: bytes, entry: int | None = None
) -> tuple[str, str, list[tuple[str, str]], bytes | None]:
    """Parses a captured request and returns its method, target, headers and body. The body is None if the
    capture does not contain a body."""

def canonical_name(name: str) -> str:
    """Returns the canonical name of a service, which is its name without the suffix `_service`. Keys and
    rules use this name."""

def origin_form(target: str) -> str:
    """Returns the path and query of a request target that is in absolute-form (RFC 9112 section 3.2.2), and
    any other target unchanged."""

def help_url(text: str) -> str:
    """Returns the URL of the help page for a reason, or for the configuration error with this message."""

def secret_variable(one: str, other: str) -> str:
    """Returns the name of the environment variable that contains the secret of two services. Raises
    `ConfigError` for an invalid service name."""

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
    """Returns the signature of a request in lower-case hex. `timestamp` is the time of the request in Unix
    seconds. The path is signed unchanged, including its query. If `body` is a `str`, it is encoded as
    UTF-8."""

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
    """Returns whether a request has a valid signature and a timestamp in the accepted window. `past` is the
    maximum age in seconds. The limit for timestamps in the future is the default. `now` is the current time
    in Unix seconds, and defaults to the system time."""

def first_step(steps: Generator[Any, Any, Any]) -> tuple[bool, Any]:
    """Runs an awaitable, whose `__await__()` is `steps`, until it returns or is suspended for the first
    time. Returns True and its result, or False and the object that it yielded."""

def challenge(service: str) -> str:
    """Returns the `WWW-Authenticate` header value for a service's 401 responses (RFC 9110 section
    11.6.1)."""

def check_settings(group: str, settings: Mapping[str, Any], language: str = "python") -> None:
    """Validates settings against one group of the settings catalogue. Raises `ConfigError` with the name of
    the setting and the required fix."""

def check_open_settings(group: str, settings: Mapping[str, Any]) -> None:
    """Validates the setting names in a Node.js configuration, which may also contain settings of other
    libraries. Raises `ConfigError` for a name that is similar to, but not the same as, a setting of the
    group."""

def settings_of(group: str) -> list[tuple[str, str | None, str]]:
    """Returns the name, default and documentation of each setting in a group.

    The default is the text of a Python literal. It is None if the default is not a literal, and `...` if
    the setting is required.
    """

def discard_nonces() -> None:
    """Discards the random bytes that threads have generated in advance for nonces.

    Call this function in every process copy that was not created by a fork, such as a process restored from
    a snapshot.
    """

def is_enabled(value: str | None) -> bool:
    """Parses the environment variable `HMAC_AUTH_ENABLED`. Returns False if the variable switches enforcement
    off."""

def file_state(path: str | PathLike[str]) -> str | None:
    """Returns a string that changes when a file is written or replaced. Returns None if the file cannot be
    accessed."""

def is_open_to_others(path: str | PathLike[str]) -> bool:
    """Returns whether users other than the owner have permissions for a file. Returns False on Windows,
    where files have no permission bits, and if the file cannot be accessed."""

def shown_name(name: str) -> str:
    """Returns a name for an error message. A name that could be a secret is replaced with its length."""

def is_local_health_check(method: str, target: str, peer: str) -> bool:
    """Returns whether a request is a health check from the local machine. Servers of the scheme `client`
    accept such a request without a signature. `peer` is the IP address of the caller."""

def split_url(url: str) -> tuple[str, str, str]:
    """Normalises an absolute URL and returns its scheme, authority and target as they are signed. Raises
    `SignError` for any other URL."""

@final
class Identity:
    """The identity of a request's sender. `bool(identity)` is True if the request was verified."""

    @staticmethod
    def unverified(rejected: Rejected) -> Identity:
        """Returns an identity without a sender, for a rejected request that is accepted because the mode is
        `observe` or `off`."""
    @property
    def verified(self) -> bool:
        """Whether the request was verified. It is False only for a rejected request that is accepted
        because the mode is `observe` or `off`.

        `sender` is then empty.
        """
    @property
    def sender(self) -> str:
        """The canonical name of the sender, which is a service name or a client id. A service name does not
        include the suffix `_service`."""
    @property
    def name_as_sent(self) -> str:
        """The name of the sender in the request, which the MAC covers. The name is `sender`, optionally
        followed by the suffix `_service`."""
    @property
    def scheme(self) -> Scheme:
        """The scheme of the verified signature."""
    @property
    def key_version(self) -> int:
        """The version of the key that matched the signature."""
    @property
    def user_id(self) -> str | None:
        """The id of the user on whose behalf the request was sent, or None. The scheme `message` signs this
        id. The scheme `pairwise` does not sign it, so it is then reported only with the setting
        `trust_unsigned_user_id`."""
    @property
    def nonce(self) -> str | None:
        """The nonce or request id that is claimed in the replay store, or None if the scheme claims no
        nonce."""
    @property
    def age_ms(self) -> int:
        """The age of the request in milliseconds, which is negative if the sender's clock is ahead."""
    def apply_to_scope(self, scope: MutableMapping[str, Any]) -> None:
        """Stores the identity in `scope["state"]`, where an ASGI application reads it."""
    def __bool__(self) -> bool: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class VerifiedResponse:
    """Information from the signature of a verified response."""

    @property
    def server_time(self) -> int:
        """The time when the server signed the response, in Unix seconds."""
    @property
    def key_version(self) -> int:
        """The version of the key that signed the response."""

@final
class KeyStatus:
    """The usage of a key version."""

    @property
    def name(self) -> str:
        """The name of the key: a pair such as `agent/practices`, a client id, or `issuer`."""
    @property
    def version(self) -> int:
        """The number of the version."""
    @property
    def primary(self) -> bool:
        """Whether this is the primary version, which signs requests."""
    @property
    def accepted(self) -> int:
        """The number of requests that this process accepted with this version."""
    @property
    def last_accepted(self) -> int | None:
        """The time of the last accepted request, in Unix seconds, or None if there was none."""

@final
class KeyRing:
    """The secrets shared by pairs of services, the client secrets, and the token issuer's secret.

    A secret is `bytes` or `str`. The `str` of a pair is base64. The `str` of a client or the issuer is the
    secret itself, encoded as UTF-8. To use several versions of a secret, pass a mapping from version to
    secret, or `{"versions": {1: .., 2: ..}, "primary": 2}`.

    Settings:

    - `pairs`: Secrets by service pair, such as `agent/practices`. The order of the two names does not matter. Value: a mapping of pairs to secrets. Default: `{}`.
    - `clients`: Secrets by client id. Value: a mapping of client ids to secrets. Default: `{}`.
    - `issuer`: The key that signs connection strings. Value: a secret, or a mapping with versions of the secret.
    - `allow_weak`: Accepts secrets of fewer than 32 bytes. Value: true or false. Default: `False`.
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
        """Creates a key ring from a `dict` such as
        `{"pairs": {"agent/practices": ..}, "clients": {..}, "issuer": ..}`."""
    @staticmethod
    def from_env(
        service: str | None = None,
        *,
        pairs: Sequence[tuple[str, str] | str] | None = None,
        environ: Mapping[str, str] | None = None,
        allow_weak: bool = False,
    ) -> KeyRing:
        """Reads the secrets of pairs from environment variables. Pass `service` to read all pairs of a
        service, or `pairs` to read only these pairs.

        `environ` replaces the process environment. Raises `ConfigError` with the name of the variable if a
        secret is missing or invalid.
        """
    def replace(self, ring: KeyRing) -> None:
        """Atomically replaces the keys with those of another key ring. The new keys apply to all signers
        and verifiers that use this key ring."""
    def status(self) -> list[KeyStatus]:
        """Returns the usage of each key version, which shows when an old version can be removed."""
    def __len__(self) -> int: ...

@final
class KeyFile:
    """The contents of a key file, whose references to secrets are not resolved yet."""

    @staticmethod
    def read(path: str | PathLike[str], table: str | None = None, service: str | None = None) -> KeyFile:
        """Reads a file. `table` names the table that contains the issuer's keys, if they are in a larger
        configuration file. With `service`, only the pairs of this service are read."""
    def lookups(self) -> list[tuple[str, str, str]]:
        """Returns the references to resolve. Each item contains a label with the entry and version, the
        reference type, and the reference as JSON."""
    def ring(self, resolved: Sequence[str | bytes], allow_weak: bool) -> KeyRing:
        """Creates a key ring. `resolved` contains one secret for each item of `lookups`, in the same
        order."""
    def check(self, allow_weak: bool) -> KeyRing:
        """Creates a key ring that has a placeholder for each referenced secret, to validate the file."""
    @property
    def holds_secrets(self) -> bool:
        """Whether the file contains secrets, and not only references."""
    @property
    def allow_weak(self) -> bool:
        """Whether the file allows secrets with fewer than 32 bytes."""
    def entries(self) -> list[tuple[str, str, int, list[tuple[int, str | None]]]]:
        """Returns the section, name, primary version and versions of each entry. Each version consists of a
        number and a secret. The secret is None if the file contains a reference instead."""
    def retire_dates(self) -> list[tuple[str, int, int]]:
        """Returns the entry, the version and the date of each planned version removal. Dates are in Unix
        seconds."""

@final
class KeyDocument:
    """A key file that can be edited. Comments and all unrelated contents are preserved."""

    @staticmethod
    def open(path: str | PathLike[str], table: str | None = None) -> KeyDocument:
        """Reads a file."""
    def names(self) -> list[str]:
        """Returns the names of all entries, such as `agent/practices` or `issuer`."""
    def known(self, name: str) -> str:
        """Returns the name of an entry as written in the file. The two services of a pair can be given in
        either order. Raises `ConfigError` if there is no such entry."""
    def section(self, name: str) -> str:
        """Returns the section of an entry: `pairs`, `clients` or `issuer`."""
    def versions(self, name: str) -> list[int]:
        """Returns the versions of an entry in ascending order."""
    def primary(self, name: str) -> int:
        """Returns the primary version of an entry, which signs requests."""
    def kept(self, name: str) -> tuple[str, str] | None:
        """Returns the type and the JSON of the reference to the newest version of an entry. Returns None if
        the secret is in the file."""
    def add(self, name: str, version: int, secret: str | tuple[str, str]) -> None:
        """Adds a version. `secret` is the secret itself, or the type and JSON of a reference."""
    def promote(self, name: str, version: int, retire_after: str | None = None) -> None:
        """Makes a version the primary version. `retire_after` is the ISO 8601 date by which the other versions
        should be removed."""
    def remove(self, name: str, version: int) -> None:
        """Removes a version, which must not be the primary."""
    def text(self) -> str:
        """Returns the text of the changed file."""
    def check(self, allow_weak: bool) -> KeyRing:
        """Validates the file without resolving references."""
    @property
    def holds_secrets(self) -> bool:
        """Whether the file contains secrets, and not only references."""

def generate_key_file(entries: Sequence[tuple[str, str, str | tuple[str, str]]], format: str) -> str:
    """Returns the text of a new key file. Each entry consists of a section, a name and a secret."""

def key_file_format(path: str) -> str:
    """Returns the format of a file with this name: `toml`, `json` or `dotenv`."""

def read_mode_file(
    path: str | PathLike[str], mode: str | None = None, senders: Mapping[str, str] | None = None
) -> tuple[Modes, bool]:
    """Returns the modes in a file, and whether a rollback is active. `mode` and `senders` are the defaults
    for settings that the file omits."""

def change_mode_file(
    path: str | PathLike[str],
    *,
    mode: str | None = None,
    sender: str | None = None,
    rollback: bool | None = None,
) -> str:
    """Returns the text of a mode file after one change. `rollback` starts or ends a rollback. `mode` sets the
    mode of the service, or of `sender` if it is given. `sender` without `mode` removes the mode of the
    sender."""

def read_variables(path: str | PathLike[str]) -> list[tuple[str, str]]:
    """Returns the names and values of the variables in a `.env` file."""

@final
class ReplayTable:
    """A replay table, which stores the nonces of accepted requests. With `heap`, each request is accepted
    once per process. With `mapped`, each request is accepted once per host."""

    @staticmethod
    def heap(
        requests_per_second: int | None = 200, window: int | None = 600, *, accept_older: bool = False
    ) -> ReplayTable:
        """Creates a table in the memory of this process.

        Requests that were signed before the table was created are rejected. The process may have accepted
        them before a restart, and a new table does not contain their nonces. With `accept_older`, such
        requests are accepted. `window` is the sum of the past and future windows, in seconds.
        """
    @staticmethod
    def mapped(
        path: str | PathLike[str] | None = None,
        *,
        service: str | None = None,
        requests_per_second: int | None = 200,
        window: int | None = 600,
    ) -> ReplayTable:
        """Opens or creates a table in a file that all processes of this host map into memory. Together, all
        workers accept a request only once, even across restarts. Without `path`, the file is in the default
        directory and is named after the `service`.
        """
    def claim(self, key: bytes, expires: int) -> bool | None:
        """Claims a key of `Proven` until `expires`, in Unix seconds. Returns True for a new key, False for a
        key that was claimed before, and None if the table is full."""
    def seen(self, key: bytes) -> bool:
        """Returns whether a key is claimed, without claiming it."""
    @property
    def path(self) -> Path | None:
        """The path of a mapped table, or None for a heap table."""
    @property
    def backend(self) -> str:
        """The type of the table: `heap` or `mapped`."""
    @property
    def slots(self) -> int:
        """The number of slots. Some claims are rejected before all slots are in use."""
    @property
    def memory(self) -> int:
        """The size of the table in bytes."""
    def clear(self) -> None:
        """Removes all nonces. Earlier requests are then accepted again, so use it only in tests. Raises
        `ConfigError` for a mapped table, because other processes need its nonces."""
    def fill(self) -> float:
        """Returns the share of slots in use, from 0.0 to 1.0. The value is estimated from a sample of the
        slots."""

@final
class Signer:
    """Signs requests of the service or client `name` in one or more schemes. Create one signer and use it
    from any thread.

    Settings:

    - `name`: This service's name, or its client id. Value: a string. Required.
    - `keys`: The keys. The primary key of each entry signs requests. Value: a KeyRing. Required.
    - `schemes`: The schemes used to sign requests. Each request gets a signature in every scheme of the list. Value: a list of "message", "pairwise", "client". Default: `["message"]`.
    - `cover`: Additional header fields to sign if the request contains them. Value: a list of header field names. Default: `[]`.
    - `cover_authority`: Signs the authority. Set it to false if a proxy rewrites the authority. Value: true or false. Default: `True`.
    - `clock`: The clock, which tests can replace. Value: a function that returns the Unix time in milliseconds. Default: the system clock.
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
        """Raises `ConfigError` if the signer has no key for this receiver. Client integrations call this
        method when they are created."""
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
        """Signs a request. Returns the names and values of the headers to add.

        `url` is an absolute URL, or a path with its query exactly as sent. Absolute URLs are normalised in
        the same way as by `fetch`: dot segments and the fragment are removed, and some characters are
        percent-encoded. If your client sends the URL in a different form, pass exactly that form, with
        `as_sent=True`. `receiver` is the name of the service to call, which is required for pair keys.
        `body` contains exactly the bytes that are sent. `nonce` and `now_ms` (Unix milliseconds) are for
        tests. They default to a new nonce and the current time. Raises `SignError` if the request cannot be
        signed. The message contains the fix.
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
        """Verifies the response to a signed request. Raises `Rejected` if the response has no valid signature
        of the receiver.

        `method`, `url` and `as_sent` are the values with which the request was signed. `sent` contains the
        headers of the request, including its signature. `headers` and `body` are the headers and the body
        of the response. The body must be passed as transferred, without decoding.
        """
    @property
    def name(self) -> str:
        """The name of the sender, which is a service name or a client id."""
    @property
    def schemes(self) -> list[str]:
        """The schemes used to sign requests."""

@final
class Modes:
    """The effect of a rejection. A service has a mode, and individual senders can have a different mode.

    Several verifiers and middlewares can share one object. `replace` then changes the mode of all of them
    at run time.

    Settings:

    - `mode`: The mode of the service. Value: one of "off", "observe", "enforce". Default: `"enforce"`.
    - `senders`: The mode of each sender. Value: a mapping of names to one of "off", "observe", "enforce". Default: `{}`.
    - `observe_only`: Uses the mode `observe` wherever the mode `enforce` is configured. Value: true or false. Default: `False`.
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
        """Atomically replaces the modes of all verifiers that use this object, and logs the change. If
        `HMAC_AUTH_ENABLED` is false, verifiers still use `observe` instead of `enforce` after the change.
        """
    @property
    def mode(self) -> str:
        """The mode of the service: `off`, `observe` or `enforce`."""
    @property
    def senders(self) -> dict[str, str]:
        """The modes of individual senders, by name."""
    @property
    def changes(self) -> int:
        """The number of calls of `replace` that changed a mode."""

@final
class Verifier:
    """Verifies requests to a service. Create one verifier and use it from any thread.

    The verifier claims nonces in the replay table `replay`. By default, this is a file that all processes
    of this user and service share. `"heap"` is a table in the memory of this process. With
    `external_replay_store`, the verifier claims no nonces. Instead, use `Pending.prove` and `Proven.settle`
    to claim them in a store that several hosts share.

    Settings:

    - `service`: The name of this service. It may be empty if `client` is the only accepted scheme. Value: a string. Required.
    - `keys`: The keys of the senders. Value: a KeyRing. Required.
    - `schemes`: The accepted schemes, in order of preference. Value: a list of "message", "pairwise", "client". Default: `["message"]`.
    - `replay`: The replay store. All workers on a host share the default file. Value: "heap", a ReplayTable, or a store with a claim method. Default: a mapped file.
    - `observe_only`: Changes every `enforce` to `observe`. Value: true or false. Default: `False`.
    - `external_replay_store`: The caller stores nonces itself, with `prove` and `settle`. Value: true or false. Default: `False`.
    - `mode`: The effect of a rejection. With `observe`, the request is accepted, and the rejection is counted and logged. With `off`, requests are not verified. Value: one of "off", "observe", "enforce". Default: `"enforce"`.
    - `modes`: Modes that can be changed at run time. Use it instead of `mode`. Value: a Modes object.
    - `clock`: The clock, which tests can replace. It cannot be used with a mapped or shared replay store. Value: a function that returns the Unix time in milliseconds. Default: the system clock.
    - `past`: The maximum age of a timestamp. Value: a whole number of seconds from 0 to 4147199. Default: `300`.
    - `future`: The maximum time by which a timestamp may be in the future. For the scheme `client`, the default is the maximum age. Value: a whole number of seconds from 0 to 4147199. Default: `5`.
    - `max_body_bytes`: The maximum size of a request body. Larger bodies are rejected with status 413. Value: a whole number of bytes from 0 to 1099511627776. Default: 1 MiB.
    - `authorities`: The authorities of this service, such as `api.test` or `https://api.test`. Required if client keys are used with `message`. Value: a list of strings, or "any".
    - `scheme`: The URL scheme that callers use. Set it if a proxy terminates TLS. Value: one of "http", "https". Default: from the connection.
    - `root_path`: The path where the application is mounted. Value: a path that starts with /, or an empty string. Default: `""`.
    - `ignore_authority`: Accepts `message` signatures that do not cover the authority. Set it if a proxy rewrites the authority. Value: true or false. Default: `False`.
    - `require_fields`: Header fields that a `message` signature must cover if the request contains them. Value: a list of header field names. Default: `[]`.
    - `trust_unsigned_user_id`: Reports the user id of `pairwise` requests, although it is not signed. Value: true or false. Default: `False`.
    - `claim_pairwise`: Accepts each `pairwise` signature only once. Value: true or false. Default: `False`.
    - `listed_senders_only`: Rejects senders without an entry in `senders`. Value: true or false. Default: `False`.
    - `senders`: The rules of each sender. Value: a mapping of names to settings. Default: `{}`.
    - `exempt_paths`: The paths that require no signature. Value: a list of paths that start with /, each exact or ending in *. Default: `[]`.
    - `max_sender_share`: The maximum share of the replay table that one sender may use. It applies if two or more senders have keys. Value: a number above 0 and at most 1. Default: `0.5`.
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
        """Verifies a complete request and returns the identity of its sender. Raises `Rejected` if the
        request is not accepted. A received request cannot cause any other exception.

        `target` is the raw path with its query, as received. `headers` is a mapping, or a list of pairs
        whose items are `bytes` or `str`. `authority` defaults to the `Host` header.
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
        """Verifies the head of a request. Pass the body to `Pending.update`, and then call `Pending.finish`
        or `Pending.prove`.

        If another verifier has already accepted the request, pass the identity that it returned as
        `earlier`. The request is then not rejected as a replay.
        """
    def begin_asgi(self, scope: Mapping[str, Any], target: _Text | None = None) -> Pending | None:
        """Like `begin`, for an ASGI scope of type `http` or `websocket`. Returns None if the path is exempt.

        `target` is used instead of the target in the scope.
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
        """Like `begin`, for the variables of a WSGI environment. Returns None if the path is exempt.

        `target` is the raw target, in origin-form or absolute-form (RFC 9112 section 3.2). `script_name` and
        `path_info` are the variables that the server has decoded.
        """
    @property
    def warnings(self) -> list[str]:
        """Configuration warnings for the operator, for example about keys that cannot be used with these
        settings, and about senders without keys."""
    @property
    def root_path(self) -> str:
        """The path where the application is mounted, without a trailing slash."""
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
        """Signs the response to a request from `caller` and returns the headers to add.

        `scheme` is the scheme of the verified request signature. `method`, `target` and `headers` belong to
        the request. `status` and `body` belong to the response. The body must be passed as transferred.
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
        """Like `sign_response`, for the ASGI scope of the request. The returned headers are pairs of
        bytes."""
    def is_exempt(self, path: _Text) -> bool:
        """Returns whether a raw path, as received, is exempt from verification."""
    @property
    def service(self) -> str:
        """The name of the service whose requests are verified."""
    @property
    def schemes(self) -> list[str]:
        """The accepted schemes in order of preference."""
    @property
    def mode(self) -> str:
        """The current mode of the service. Individual senders can have a different mode."""
    @property
    def modes(self) -> Modes:
        """The object with the modes of the verifier. Several verifiers can share one object."""
    @property
    def max_body_bytes(self) -> int:
        """The maximum size of a body in bytes."""
    def stats(self) -> Stats:
        """Returns the current values of the counters."""

@final
class Stats:
    """The values of a verifier's counters at a point in time."""

    @property
    def accepted(self) -> dict[str, int]:
        """The number of accepted requests for each scheme."""
    @property
    def rejected(self) -> dict[str, int]:
        """The number of rejected requests for each reason."""
    @property
    def observed(self) -> dict[str, int]:
        """The number of requests accepted in mode `observe` that `enforce` would reject, for each reason."""

@final
class Pending:
    """A request with a verified head, whose body is still being received."""

    @property
    def reads_body(self) -> bool:
        """Whether the signature covers the body. If not, the body does not have to be received."""
    def update(self, chunk: Buffer) -> None:
        """Adds the next part of the body. Raises `Rejected` if the body is too large, or if the signature must
        cover the body and does not. This exception ends the verification."""
    def time_out(self) -> None:
        """Ends the verification because the body did not arrive in time. Always raises `Rejected`."""
    def finish(self, chunk: Buffer | None = None, now_ms: int | None = None) -> Identity:
        """Adds the last part of the body, verifies the body and claims the nonce in the verifier's replay
        table. Returns the identity of the sender."""
    def finish_asgi(
        self, message: Mapping[str, Any] | None, scope: MutableMapping[str, Any]
    ) -> Identity | None:
        """Like `finish`, but takes the body from an ASGI message, and stores the identity in the scope.

        `message` is None if the body was not received. If the message does not contain the complete body,
        does nothing and returns None.
        """
    def prove(self, chunk: Buffer | None = None) -> Proven:
        """Adds the last part of the body and verifies the body. The caller must then claim the nonce in a
        shared store."""

@final
class Proven:
    """A request with a verified head and body, whose nonce is not claimed yet."""

    @property
    def key(self) -> bytes | None:
        """The 32-byte key under which a shared store records the nonce, or None if there is no nonce to
        claim."""
    @property
    def expires(self) -> int:
        """The time until which the store must keep the key, in Unix seconds."""
    def claim(self, now_ms: int | None = None) -> Identity:
        """Claims the nonce in the verifier's replay table and returns the identity of the sender."""
    def settle(self, first: bool | None, now_ms: int | None = None) -> Identity:
        """Accepts or rejects the request. `first` is the result that a shared store returned for the claim:
        True for a new key, False for a key that was claimed before, and None if the store cannot decide.
        """

@final
class ConnectionString:
    """The parsed contents of a connection string, which is a token of the API gateway."""

    @staticmethod
    def verify(
        token: _Text, keys: KeyRing, now: int | None = None, *, check_expiry: bool = True
    ) -> ConnectionString:
        """Verifies the MAC and the expiry of a token. Raises `TokenRejected` if the token is not valid.
        `now` is the current time in Unix seconds, and defaults to the system time."""
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
        """Returns a new token that is signed with the primary issuer key.

        `expires` is a `datetime` with a time zone. Each role is a pair of a name and a permission. The
        permission is 0 for read or 1 for write. Raises `ValueError` for invalid contents.
        """
    @property
    def account(self) -> UUID:
        """The id of the account."""
    @property
    def tenant(self) -> UUID | None:
        """The id of the tenant, if any."""
    @property
    def subscription(self) -> UUID | None:
        """The id of the subscription, if any."""
    @property
    def expires(self) -> datetime:
        """The time when the token expires, in the time zone that the token contains."""
    @property
    def roles(self) -> list[tuple[str, int]]:
        """The roles. Each role is a pair of a name and a permission. The permission is 0 for read or 1 for
        write."""
    @property
    def key_version(self) -> int | None:
        """The version of the key that signed the token, if known."""
    @property
    def verified(self) -> bool:
        """Whether the MAC was verified. `inspect` does not verify the MAC, so do not use its result for
        access decisions."""
