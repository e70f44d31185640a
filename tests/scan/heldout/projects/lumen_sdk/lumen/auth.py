"""``lumen login``: exchange user and password for a token, keep it on disk."""
import argparse
import getpass
import json
from pathlib import Path

import requests

LOGIN_URL = "http://auth.lumen.example.org/oauth/token"
CONFIG = Path.home() / ".config" / "lumen" / "credentials.json"


def exchange(user: str, password: str) -> str:
    form = {"grant_type": "password", "username": user, "password": password}
    answer = requests.post(LOGIN_URL, data=form, timeout=15)
    answer.raise_for_status()
    return answer.json()["access_token"]


def remember(token: str, path: Path = CONFIG) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"token": token}))


def stored() -> str | None:
    try:
        return json.loads(CONFIG.read_text())["token"]
    except (FileNotFoundError, KeyError, json.JSONDecodeError):
        return None


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="lumen login")
    parser.add_argument("user")
    ns = parser.parse_args(argv)
    token = exchange(ns.user, getpass.getpass())
    remember(token)
    print(f"logged in as {ns.user}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
