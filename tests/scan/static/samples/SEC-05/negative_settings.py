"""Settings that name no unencrypted service of another machine."""

import os
from dataclasses import dataclass

import requests

LINKS = {"license": "http://www.apache.org/licenses/LICENSE-2.0", "token": "none"}  # ok
HOSTS = {"near": "http://localhost:8000", "far": "https://far.example.org"}
NAMESPACE = "http://www.w3.org/2001/XMLSchema"  # ok
DEFAULTS = {"jobs_api": "https://jobs.example.org", "homepage": "http://example.org"}  # ok


@dataclass
class Settings:
    board: str = "https://board.example.org/api"
    scheduler: str = "http://127.0.0.1:9000"  # ok


def submit(job, token, where):
    return requests.post(HOSTS[where], json=job, headers={"Authorization": token})  # ok


def publish(settings: Settings, counts):
    requests.post(settings.board, json=counts)  # ok
    requests.post(settings.scheduler, json=counts)  # ok


def queued(job):
    return requests.post(os.environ.get("QUEUE", "https://queue.example.org"), json=job)  # ok


def label(text):
    return text.replace("http://", "")  # ok
