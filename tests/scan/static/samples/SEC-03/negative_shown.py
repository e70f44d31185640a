"""Values that are hidden, or that only stand near a secret."""

import logging
import os
from dataclasses import dataclass, field

import numpy as np
import requests
from pydantic import BaseModel, SecretStr

log = logging.getLogger(__name__)
NAMES = {"channel": "ibm_cloud", "region": "eu"}


@dataclass
class Account:
    channel: str
    token: str = field(repr=False)


class Login(BaseModel):
    password: SecretStr


def ending(value: str) -> str:
    return "..." + value[-4:]


def hidden(token):
    log.info("token %s, %s", masked(token), ending(token))  # ok


def masked(token):
    return "*" * len(token)


def records(account: Account, login: Login):
    log.info("account %s of %s", account, login)  # ok


def names():
    print(NAMES)  # ok


def answered(token):
    answer = requests.get("https://jobs.example.org", headers={"X-Token": token}, timeout=5)
    log.info("answer %s", answer.status_code)  # ok
    print(answer.json())  # ok


def variable():
    name = "IBM_QUANTUM_TOKEN"
    print("set", name, name in os.environ)  # ok


def words(tokenizer, text):
    token = tokenizer.decode(text)
    print(token)  # ok


def sizes(path):
    theta = np.load(path, allow_pickle=False)
    log.info("%d parameters, norm %f", theta.size, np.linalg.norm(theta))  # ok
