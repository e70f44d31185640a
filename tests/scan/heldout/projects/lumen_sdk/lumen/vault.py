"""Credentials for batch users: owner-only file, or the environment."""
import json
import os
from pathlib import Path

DEFAULT = Path.home() / ".lumen_vault"


class NoCredentials(LookupError):
    pass


def write(token: str, path: Path = DEFAULT) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as fh:
        json.dump({"token": token}, fh)


def read(path: Path = DEFAULT) -> str:
    from_env = os.environ.get("LUMEN_TOKEN")
    if from_env:
        return from_env
    if not path.exists():
        raise NoCredentials("set LUMEN_TOKEN or run 'lumen vault'")
    if path.stat().st_mode & 0o077:
        raise NoCredentials(f"{path} is readable by others")
    return json.loads(path.read_text(encoding="utf-8"))["token"]


def describe(path: Path = DEFAULT) -> str:
    try:
        token = read(path)
    except NoCredentials as exc:
        return str(exc)
    return f"token ending in {token[-4:]}"
