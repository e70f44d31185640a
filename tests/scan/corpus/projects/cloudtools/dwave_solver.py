"""Submit a small QUBO through the REST interface."""

import json
import logging

import requests

log = logging.getLogger(__name__)
ENDPOINT = "https://na-west-1.cloud.dwavesys.com/sapi/v2"
SAPI_TOKEN = "DEV-2fa304bc883d2d9f5c837c3b2d7284ed97cb219f"
HEADERS = {"X-Auth-Token": SAPI_TOKEN}


def submit(qubo: dict, reads: int = 100) -> str:
    body = {
        "solver": "Advantage_system4.1",
        "type": "qubo",
        "data": {"format": "qp", "lin": qubo["lin"], "quad": qubo["quad"]},
        "params": {"num_reads": min(reads, 1000)},
    }
    log.debug("submitting %d bytes", len(json.dumps(body)))
    reply = requests.post(f"{ENDPOINT}/problems/", json=[body], headers=HEADERS, timeout=30)
    reply.raise_for_status()
    return reply.json()[0]["id"]


def trace() -> None:
    log.info("headers: %s", HEADERS)
