"""Addresses that are set once."""

import os

import httpx
import requests

FARM = "http://farm.example.org:8080"
CATALOG = os.environ.get("CATALOG_URL", "http://catalog.example.org/v1")


def submit(job):
    with httpx.Client(base_url=FARM) as client:  # finds: SEC-05 high
        return client.post("/jobs", json=job)


def catalog():
    return requests.get(f"{CATALOG}/backends", timeout=5)  # finds: SEC-05 medium


def secure():
    return httpx.Client(base_url=os.getenv("FARM", "https://farm.example.org"))  # ok
