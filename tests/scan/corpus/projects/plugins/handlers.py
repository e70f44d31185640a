"""Command dispatch of the websocket endpoint."""

import json


class Commands:
    def ping(self) -> str:
        return "pong"

    def version(self) -> str:
        return "1.4"

    def _shutdown(self) -> None:
        raise SystemExit


COMMANDS = Commands()
PUBLIC = frozenset({"ping", "version"})


def dispatch_unchecked(message: str) -> str:
    body = json.loads(message)
    return getattr(COMMANDS, body["command"])()


def dispatch(message: str) -> str:
    body = json.loads(message)
    command = body["command"]
    if command not in PUBLIC:
        return "unknown command"
    return getattr(COMMANDS, command)()


def describe() -> list[str]:
    return [getattr(COMMANDS, name).__name__ for name in ("ping", "version")]
