"""Files that only their owner reads, and values that are no secret."""

import configparser
import json
import os
from pathlib import Path

import requests
from dotenv import set_key


def private(path, text):
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.close(handle)


def opener(path, flags):
    return os.open(path, flags, 0o600)


def helped(token):
    private("token", "")
    Path("token").write_text(token)  # ok


def opened(token):
    with open("token", "w", opener=opener) as file:
        file.write(token)  # ok


def settings(region):
    parser = configparser.ConfigParser()
    parser["lab"] = {"region": region}
    with open("lab.ini", "w") as file:
        parser.write(file)  # ok


def answer():
    body = requests.get("https://jobs.example.org/1", timeout=5).json()["counts"]
    Path("counts.json").write_text(json.dumps(body))  # ok


def region(value):
    set_key(".env", "LAB_REGION", value)  # ok


def shown(token):
    print(f"a token of {len(token)} characters")  # ok
