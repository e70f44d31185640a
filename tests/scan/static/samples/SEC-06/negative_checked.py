"""Hosts that a helper checks, and names that only choose."""

from urllib.parse import urlsplit

import httpx
import requests
from fastapi import BackgroundTasks, FastAPI
from flask import abort, request

app = FastAPI()
HOSTS = frozenset({"hooks.example.com", "eu.example.com"})
SOURCES = {"zurich": "https://zrh.example.org", "tokyo": "https://tyo.example.org"}


def permitted(url):
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.hostname not in HOSTS:
        abort(400)
    return url


def ensure(url):
    if urlsplit(url).netloc not in HOSTS:
        raise ValueError(url)


def is_known(url):
    return urlsplit(url).hostname in HOSTS


def returned():
    return requests.get(permitted(request.json["url"]))  # ok


def refused():
    url = request.json["url"]
    ensure(url)
    return requests.get(url)  # ok


def asked():
    url = request.json["url"]
    if not is_known(url):
        abort(400)
    return requests.get(url)  # ok


def chosen():
    base = SOURCES.get(request.args["source"])
    return requests.get(f"{base}/weights")  # ok


def tell(address):
    httpx.post(address, json={})  # ok


@app.post("/train")
def train(tasks: BackgroundTasks, settings: dict):
    tasks.add_task(tell, permitted(settings["callback"]))
