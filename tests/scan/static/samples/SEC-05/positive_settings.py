"""Addresses that come through settings, parameters, loops and objects."""

import os
import ssl
import urllib.request
from dataclasses import dataclass
from urllib.request import Request, urlopen

import aiohttp
import requests
import websockets
from dwave.system import DWaveSampler

ARCHIVE = "http://archive.example.org/weights/{}.npz"
OLD = "http://old.example.org"
WANTED = {"a.npz": OLD, "b.npz": "https://new.example.org"}
ANNEALER = dict(endpoint="http://sapi.example.org/v2", solver="pegasus")
DEFAULTS = {
    "shots": 1000,
    "jobs_api": "http://jobs.example.org/v1",  # finds: SEC-05
}


def annealer():
    return DWaveSampler(**ANNEALER)  # finds: SEC-05


def fetched(number, token):
    made = Request(ARCHIVE.format(number), headers={"X-Token": token})  # finds: SEC-05
    return urlopen(made, context=ssl.create_default_context())


def fetch(name, base):
    opener = urllib.request.build_opener()
    opener.addheaders = [("X-Token", os.environ["FETCH_TOKEN"])]
    return opener.open(f"{base}/{name}")  # finds: SEC-05


def every():
    return [fetch(name, base) for name, base in WANTED.items()]


@dataclass
class Settings:
    board: str = "http://board.example.org/api"


class Board:
    def __init__(self, settings: Settings):
        self.base = settings.board
        self.http = requests.Session()

    def publish(self, counts):
        self.http.post(self.base + "/runs", json=counts)  # finds: SEC-05


async def queued(job, token):
    server = os.environ.get("QUEUE") or "http://queue.example.org"
    async with aiohttp.ClientSession() as client:
        return await client.post(server, json=job)  # finds: SEC-05


async def streamed(job):
    async with websockets.connect("ws://stream.example.org/jobs") as socket:  # finds: SEC-05
        await socket.send(job)


def submit(job, url="http://submit.example.org"):
    return requests.put(f"{url}/jobs", json=job)  # finds: SEC-05
