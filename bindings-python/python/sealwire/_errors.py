"""The exceptions of Sealwire: `Rejected` for received requests and responses, the others for errors of the operator
or programmer."""

from __future__ import annotations

from sealwire._native import help_url


class SealwireError(Exception):
    """Base class of all exceptions of Sealwire."""


class ConfigError(SealwireError, ValueError):
    """An invalid configuration. The message contains the setting, variable or key, never a secret. A note has the address of a
    page with cause and fix."""

    def __init__(self, *arguments: object) -> None:
        """Created by Sealwire; the argument is the message."""
        super().__init__(*arguments)
        for message in arguments[:1]:
            self.add_note(f"Help: {help_url(str(message))}")


class SignError(SealwireError, ValueError):
    """A request that cannot be signed. The message contains the solution."""


class Rejected(SealwireError):
    """A rejected request. Send only `public_text` to the caller; the other attributes are for the log."""

    reason: str
    """The stable name of the reason, the same in every language, for metrics and logs."""
    number: int
    """The reason's stable number, as in C."""
    status: int
    """The HTTP status of the response."""
    public_text: str
    """The text for the caller."""
    scheme: str
    """The scheme in which the request was verified."""
    mode: str
    """The effect of the policy: only `enforce` rejects the request."""
    field: str | None
    """The header or component that caused the error, or None."""
    sender: str
    """The sender as claimed, not authenticated; may be empty."""
    key_version: int | None
    """The key version as claimed."""
    age_ms: int | None
    """The claimed age of the request; negative if its timestamp is in the future."""

    mac_was_valid: bool
    """Whether the request's MAC was valid. If false, the response must not be signed, because the signature would
    reveal which senders exist."""

    @property
    def help(self) -> str:
        """The address of a page with the cause of the reason and its fix."""
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
        """Created by `Verifier`; the arguments are the attributes, in order."""
        # All arguments are passed to Exception, so that the exception can be pickled.
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
        """The reason, with the name of the attribute in Node.js."""
        return self.reason

    def __str__(self) -> str:
        """Returns a single line for the log."""
        at = f" ({self.field})" if self.field else ""
        return f"{self.scheme} request rejected: {self.reason}{at}"


class TokenRejected(Rejected):
    """A rejected connection string."""

    native_code: str | None
    """The error code of the gateway, which is public and logged. A malformed or expired token has no code."""
    body: str
    """The JSON body of the response."""

    def __init__(
        self, reason: str, number: int, status: int, public_text: str, native_code: str | None, body: str
    ) -> None:
        """Created by `ConnectionString`; the arguments are the attributes, in order."""
        super().__init__(reason, number, status, public_text, "connection string")
        self.args = (reason, number, status, public_text, native_code, body)
        self.native_code = native_code
        self.body = body


for _class in (SealwireError, ConfigError, SignError, Rejected, TokenRejected):
    _class.__module__ = "sealwire"  # the public module, shown in tracebacks
