"""Adds the names, defaults and documentation of settings to functions and classes. `help()` then shows
them."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sealwire._native import settings_of

if TYPE_CHECKING:
    from inspect import Signature

Documented = TypeVar("Documented", bound=Callable[..., object])


def documented(group: str, *without: str) -> Callable[[Documented], Documented]:
    """Returns a decorator that replaces `**options` in a function's signature with the settings of a group,
    and lists these settings in the docstring. `without` lists the settings of the group that the function
    does not accept."""

    def document(function: Documented) -> Documented:
        taken = with_settings(function, group, without)
        function.__doc__ = described(function.__doc__, group, taken.parameters)
        function.__signature__ = taken  # type: ignore[attr-defined]
        return function

    return document


def document_class(made: type[Any], group: str, positional: int) -> None:
    """Adds a signature and a list of settings to a native class. The first `positional` settings can be
    passed as positional arguments."""
    made.__doc__ = described(made.__doc__, group, {name for name, _, _ in settings_of(group)})
    made.__signature__ = LazySignature(group, positional)


class LazySignature:
    """A descriptor for the signature of a class. The signature is created when it is first read, because
    importing `inspect` is slow."""

    def __init__(self, group: str, positional: int) -> None:
        """`group` is the name of the settings group. The first `positional` settings can be positional
        arguments."""
        self._group = group
        self._positional = positional

    def __get__(self, instance: object, owner: type[Any] | None = None) -> Signature:
        """Returns the signature. `inspect.signature` calls this method."""
        from inspect import Signature

        return Signature(parameters(self._group, self._positional))


def with_settings(function: Callable[..., object], group: str, without: Sequence[str]) -> Signature:
    """Returns the signature of a function with the settings of a group instead of `**options`."""
    from inspect import Parameter, signature

    written = signature(function)
    if not any(each.kind is Parameter.VAR_KEYWORD for each in written.parameters.values()):
        return written
    own = [each for each in written.parameters.values() if each.kind is not Parameter.VAR_KEYWORD]
    names = {*without, *(each.name for each in own)}
    return written.replace(
        parameters=[*own, *(each for each in parameters(group, 0) if each.name not in names)]
    )


def parameters(group: str, positional: int) -> list[Any]:
    """Returns the settings of a group as signature parameters."""
    from ast import literal_eval
    from inspect import Parameter

    made = []
    for at, (name, default, _) in enumerate(settings_of(group)):
        kind = Parameter.POSITIONAL_OR_KEYWORD if at < positional else Parameter.KEYWORD_ONLY
        value = None if default is None else literal_eval(default)
        made.append(Parameter(name, kind, default=Parameter.empty if value is ... else value))
    return made


def described(text: str | None, group: str, names: Container[str]) -> str:
    """Returns the docstring `text` with a list of the settings `names`."""
    own = (text or "").rstrip()
    listed = "\n".join(
        f"    - `{name}`: {meaning}" for name, _, meaning in settings_of(group) if name in names
    )
    return f"{own}\n\n    Settings:\n\n{listed}\n"
