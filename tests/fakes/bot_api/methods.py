"""The methods that can be called, and how their parameters are read: an unknown one is refused."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.fakes.bot_api.protocol import Json, bad


@dataclass(frozen=True)
class Parameter:
    kind: str
    is_required: bool = False


Function = Callable[..., Awaitable[object]]
METHODS: dict[str, tuple[Function, dict[str, Parameter]]] = {}


def method(name: str, required: str = "", **optional: str) -> Callable[[Function], Function]:
    """Let a function answer a method; parameters are `name:kind …`, and `kind="name name …"` if optional."""
    named = (pair.split(":") for pair in required.split())
    parameters = {
        **{parameter: Parameter(kind, is_required=True) for parameter, kind in named},
        **{parameter: Parameter(kind) for kind, names in optional.items() for parameter in names.split()},
    }

    def put(function: Function) -> Function:
        METHODS[name] = (function, parameters)
        return function

    return put


def with_more(options: dict[str, str], **more: str) -> dict[str, str]:
    return {kind: f"{options.get(kind, '')} {more.get(kind, '')}" for kind in options | more}


async def read_parameters(request: web.Request) -> Json:
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad("can't parse request JSON object") from None
        if not isinstance(body, dict):
            raise bad("request JSON must be an object")
        return {**given, **body}
    try:
        return {**given, **await request.post()}
    except (ValueError, RuntimeWarning) as error:
        raise bad(f"can't parse the request: {error}") from None


def checked(given: Json, parameters: dict[str, Parameter]) -> Json:
    unknown = given.keys() - parameters.keys()
    if unknown:
        raise bad(f"unknown parameters {sorted(unknown)}")
    for name, parameter in parameters.items():
        if parameter.is_required and name not in given:
            # An absent text is told as an empty one, an absent chat as an empty id.
            raise bad(
                {"text": "message text is empty", "chat_id": "chat_id is empty"}.get(name, f"no {name}")
            )
    return {name: _parsed(name, value, parameters[name].kind) for name, value in given.items()}


def _parsed(name: str, value: object, kind: str) -> object:
    if kind in {"object", "array", "boolean"} and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON {kind}") from None
    match kind, value:
        case "integer", int() if not isinstance(value, bool):
            return value
        case "integer", str() if re.fullmatch(r"-?[0-9]{1,18}", value):
            return int(value)
        case "chat", str() | int() if not isinstance(value, bool):
            return str(value)
        case ("string", str()) | ("boolean", bool()) | ("object", dict()) | ("array", list()):
            return value
        case "file", web.FileField() | str():
            return value
    raise bad(f"wrong type of parameter {name}: {kind} expected")
