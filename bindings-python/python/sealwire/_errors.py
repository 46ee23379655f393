"""The exceptions of Sealwire. `Rejected` reports a received request or response that is not valid. The other
exceptions report an error in the configuration or in the code of the application."""

from __future__ import annotations

from sealwire._native import help_url


class SealwireError(Exception):
    """The base class of all exceptions of Sealwire."""


class ConfigError(SealwireError, ValueError):
    """An invalid configuration. The message contains the name of the setting, variable or key, but never a
    secret. A note contains the URL of a help page."""

    def __init__(self, *arguments: object) -> None:
        """`arguments` contains the error message."""
        super().__init__(*arguments)
        for message in arguments[:1]:
            self.add_note(f"Help: {help_url(str(message))}")


class SignError(SealwireError, ValueError):
    """A request that cannot be signed. The message contains the fix."""


class Rejected(SealwireError):
    """A rejected request or response. Send only `public_text` to the caller. The other attributes are for the
    log."""

    reason: str
    """The name of the reason, such as `replayed`. It is stable, and the same in all languages."""
    number: int
    """The number of the reason, which is stable. The C API uses the same numbers."""
    status: int
    """The HTTP status of the response."""
    public_text: str
    """The public message, which can be sent to the caller."""
    scheme: str
    """The scheme of the rejected signature."""
    mode: str
    """The mode that applies to the request. Under `observe` and `off`, the middleware accepts the request."""
    field: str | None
    """The name of the header or signature component that caused the rejection, or None."""
    sender: str
    """The name of the sender in the request, which is not authenticated and may be empty."""
    key_version: int | None
    """The key version in the request, or None. It is not authenticated."""
    age_ms: int | None
    """The age of the request in milliseconds according to its timestamp, or None. The age is negative if
    the timestamp is in the future."""

    mac_was_valid: bool
    """Whether the MAC of the request was valid. If not, the response must not be signed, because a signature
    would reveal which senders exist."""

    @property
    def help(self) -> str:
        """The URL of a help page that describes the causes and fixes."""
        return help_url(self.reason)

    def __init__(
        self,
        reason: str,
        number: int,
        status: int,
        public_text: str,
        scheme: str,
        mode: str = "enforce",
        field: str | None = None,
        sender: str = "",
        key_version: int | None = None,
        age_ms: int | None = None,
        mac_was_valid: bool = False,
    ) -> None:
        """The arguments are the attributes above, in the same order."""
        # `Exception` needs all arguments to pickle this exception.
        super().__init__(
            reason,
            number,
            status,
            public_text,
            scheme,
            mode,
            field,
            sender,
            key_version,
            age_ms,
            mac_was_valid,
        )
        self.reason = reason
        self.number = number
        self.status = status
        self.public_text = public_text
        self.scheme = scheme
        self.mode = mode
        self.field = field
        self.sender = sender
        self.key_version = key_version
        self.age_ms = age_ms
        self.mac_was_valid = mac_was_valid

    @property
    def code(self) -> str:
        """The same as `reason`. The Node.js package uses this name."""
        return self.reason

    def __str__(self) -> str:
        """Returns a one-line message for the log."""
        at = f" ({self.field})" if self.field else ""
        return f"{self.scheme} request rejected: {self.reason}{at}"


class TokenRejected(Rejected):
    """A rejected connection string."""

    native_code: str | None
    """The error code of the API gateway, such as `MYC00032`, which is sent to the caller. For a malformed
    or expired token, the code is None."""
    body: str
    """The JSON body of the response."""

    def __init__(
        self, reason: str, number: int, status: int, public_text: str, native_code: str | None, body: str
    ) -> None:
        """The arguments are the attributes above, in the same order."""
        super().__init__(reason, number, status, public_text, "connection string")
        self.args = (reason, number, status, public_text, native_code, body)
        self.native_code = native_code
        self.body = body


for _class in (SealwireError, ConfigError, SignError, Rejected, TokenRejected):
    _class.__module__ = "sealwire"  # the public module, shown in tracebacks
