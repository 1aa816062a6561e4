"""How an action becomes a button's string and is read again: short, versioned, ids but never authority.

An action's string is `v1:<name>:<field>:…`, at most 64 bytes. A form that was ever sent keeps its meaning: a
retired action keeps its name, and tests hold frozen strings.
"""

import dataclasses
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, dataclass_transform, get_type_hints

_VERSION = "v1"
_LIMIT = 64
# What an id's column holds; a larger number is no id of ours.
_BIGGEST = 2**31 - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """What a button asks for."""


A = TypeVar("A", bound=Action)

_KINDS: dict[str, tuple[type[Action], tuple[type[Any], ...]]] = {}
"""By name, an action and the types of its fields."""
_NAME_OF: dict[type[Action], str] = {}


@dataclass_transform(frozen_default=True)
def action(name: str) -> Callable[[type[A]], type[A]]:
    """Make a class of fields an action, by the name that its strings have for good."""

    def register(fields: type[A]) -> type[A]:
        if name in _KINDS:
            message = f"two actions are called {name}"
            raise ValueError(message)
        kind = dataclasses.dataclass(frozen=True, slots=True)(fields)
        _KINDS[name] = kind, tuple(get_type_hints(kind).values())
        _NAME_OF[kind] = name
        return kind

    return register


def encode(action: Action) -> str:
    """Give an action's string; raises ValueError where it would be longer than platforms carry."""
    values = [str(getattr(action, field.name)) for field in dataclasses.fields(action)]
    text = ":".join([_VERSION, _NAME_OF[type(action)], *values])
    if len(text.encode()) > _LIMIT:
        message = f"an action of more than {_LIMIT} bytes: {text}"
        raise ValueError(message)
    return text


def decode(text: str) -> Action | None:
    """Give the action of a string, or None where it is none: hostile, truncated or of a later version."""
    version, _, rest = text.partition(":")
    name, *values = rest.split(":")
    if version != _VERSION or name not in _KINDS or len(text) > _LIMIT:
        return None
    kind, types_of_fields = _KINDS[name]
    if len(values) != len(types_of_fields):
        return None
    try:
        parsed = [_parse(value, wanted) for value, wanted in zip(values, types_of_fields, strict=True)]
    except ValueError:
        return None
    return kind(*parsed)


def _parse(value: str, wanted: type[Any]) -> int | str | StrEnum:
    if wanted is int:
        if not (value.isascii() and value.isdigit()) or int(value) > _BIGGEST:
            message = f"no number: {value}"
            raise ValueError(message)
        return int(value)
    parsed: str | StrEnum = wanted(value)
    return parsed
