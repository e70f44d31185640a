"""Secrets under names that do not tell."""

import logging

import requests

log = logging.getLogger(__name__)


def rotate(url):
    return requests.post(url, timeout=10).json()["apikey"]


def main(value):
    fresh = rotate("https://keys.example.org/new")
    log.info(f"the new one is {fresh}")  # finds: SEC-03
    headers = {"X-Auth-Token": value}
    log.debug("headers: %s", headers)  # finds: SEC-03
    plain = {"Accept": "application/json"}
    log.debug("headers: %s", plain)  # ok
