"""The wire as TypeScript, from the same classes that the server encodes and decodes."""

from __future__ import annotations

import types
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from layers.live import facts, messages

HEADER = """/**
 * The messages of `/live/`. A closed union: a new kind does not compile until it is handled.
 * Generated from layers/live by `manage.py live_types --write`; a test fails when it is stale.
 */
"""
NAMED_LITERALS = {
    "Condition": facts.Condition,
    "Handling": facts.Handling,
    "Severity": facts.Severity,
    "DeviceStatus": facts.DeviceStatus,
}
UNIONS = {
    "Fact": facts.Fact,
    "ServerMessage": messages.ServerMessage,
    "ClientMessage": messages.ClientMessage,
}
SCALARS = {
    str: "string",
    datetime: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
}


def render() -> str:
    """The whole file, ending in a newline."""
    parts = [HEADER]
    parts += [f"export type {name} = {_values(literal)}\n" for name, literal in NAMED_LITERALS.items()]
    parts += [_interface(facts.Words)]
    parts += [_interface(each) for each in get_args(facts.Fact)] + [_union("Fact"), _tuple(facts.Moved)]
    parts += [_interface(each) for each in get_args(messages.ServerMessage)] + [_union("ServerMessage")]
    parts += [_interface(messages.JoinTopic)]
    parts += [_interface(each) for each in get_args(messages.ClientMessage)] + [_union("ClientMessage")]
    return "\n".join(parts)


def _interface(struct: type[msgspec.Struct]) -> str:
    config = struct.__struct_config__
    lines = [f"  {config.tag_field}: '{config.tag}'"] if config.tag_field else []
    hints = get_type_hints(struct, include_extras=True)
    lines += [f"  {name}: {_type(hints[name])}" for name in struct.__struct_fields__]
    return "\n".join([*_comment(struct), f"export interface {struct.__name__} {{", *lines, "}", ""])


def _tuple(named: type[Any]) -> str:
    members = [f"{_camel(name)}: {_type(hint)}" for name, hint in get_type_hints(named).items()]
    return "\n".join([*_comment(named), f"export type {named.__name__} = [{', '.join(members)}]", ""])


def _union(name: str) -> str:
    members = "".join(f"\n  | {each.__name__}" for each in get_args(UNIONS[name]))
    return f"export type {name} ={members}\n"


def _comment(of: type[Any]) -> list[str]:
    text = " ".join((of.__doc__ or "").split())
    return [f"/** {text} */"] if text else []


def _type(hint: Any) -> str:
    """A Python type of the wire in TypeScript's words. Raises TypeError for one that the wire does not use."""
    for name, known in (NAMED_LITERALS | UNIONS).items():
        if hint == known:
            return name
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is list:
        return f"{_type(arguments[0])}[]"
    if origin is dict:
        return f"Record<string, {_type(arguments[1])}>"
    if origin in {Union, types.UnionType}:
        return " | ".join(_type(argument) for argument in arguments)
    if hint in SCALARS:
        return SCALARS[hint]
    if isinstance(hint, type):
        return hint.__name__
    raise TypeError(f"{hint} has no TypeScript name")


def _values(literal: Any) -> str:
    assert get_origin(literal) is Literal
    return _joined(f"'{value}'" if isinstance(value, str) else str(value) for value in get_args(literal))


def _joined(words: Iterable[str]) -> str:
    return " | ".join(words)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
