"""Secrets inside mappings, records and texts that are shown."""

import argparse
import getpass
import json
import logging
import os
from dataclasses import dataclass

import click
import numpy as np
import torch
from flask import request

log = logging.getLogger(__name__)
SETTINGS = dict(endpoint="https://sapi.example.org", token=os.environ["SAPI"])
FROM_ENVIRONMENT = os.environ["LAB_API_TOKEN"]


@dataclass
class Account:
    channel: str
    token: str


class Store:
    def __init__(self, account: Account):
        self.account = account
        log.info("account %s", self.account)  # finds: SEC-03


def opened(spec):
    options = {"channel": "ibm_cloud", "token": spec["token"]}
    if "url" in spec:
        options["url"] = spec["url"]
    log.info("opening %s", options)  # finds: SEC-03


def settings():
    print("settings:", SETTINGS)  # finds: SEC-03


def header():
    given = request.headers.get("Authorization", "")
    log.info("request with %s", given)  # finds: SEC-03


def every():
    log.debug("headers: %s", dict(request.headers))  # finds: SEC-03


def constant():
    click.echo(f"using {FROM_ENVIRONMENT}")  # finds: SEC-03


def asked():
    value = getpass.getpass("token: ")
    print("you gave " + value)  # finds: SEC-03


def dumped(service):
    logging.info("account: %s", json.dumps(service.active_account()))  # finds: SEC-03


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--token")
    arguments = parser.parse_args()
    print("arguments:", vars(arguments))  # finds: SEC-03


def link(token):
    address = f"https://jobs.example.org?token={token}"
    log.warning("cannot reach %s", address)  # finds: SEC-03


def restored(path):
    checkpoint = torch.load(path, weights_only=True)
    log.info("theta=%s", checkpoint["theta"].tolist())  # finds: SEC-03


def loaded(path):
    theta = np.load(path, allow_pickle=False)
    log.info("theta %s", theta)  # finds: SEC-03
