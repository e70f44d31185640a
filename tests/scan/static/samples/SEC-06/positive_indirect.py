"""Addresses that take a detour: mappings, background tasks, queues, stored records."""

import json
import threading

import boto3
import httpx
import requests
from fastapi import BackgroundTasks, FastAPI, Request
from flask import request
from qiskit_ibm_runtime import QiskitRuntimeService

app = FastAPI()
REGISTERED = {}


def opened(spec):
    options = {"channel": "ibm_cloud", "token": spec["token"]}
    if "url" in spec:
        options["url"] = spec["url"]
    return QiskitRuntimeService(**options)  # finds: SEC-06


@app.post("/open")
async def tenant(request: Request):
    return opened(await request.json()).backends()


def connected(payload):
    return QiskitRuntimeService(
        channel="ibm_cloud",
        url=payload.get("url"),  # finds: SEC-06
    )


def devices():
    return connected(request.get_json())


def tell(address, losses):
    httpx.post(address, json={"final": losses})  # finds: SEC-06


@app.post("/train")
def train(tasks: BackgroundTasks, settings: dict):
    tasks.add_task(tell, settings["callback"], [])


def announce(name):
    requests.post(REGISTERED[name]["hook"], json={})  # finds: SEC-06


def register():
    body = request.get_json()
    REGISTERED[body["name"]] = {"hook": body.get("hook")}
    threading.Thread(target=announce, args=(body["name"],)).start()


def consume():
    queue = boto3.client("sqs")
    for message in queue.receive_message(QueueUrl="q")["Messages"]:
        body = json.loads(message["Body"])
        requests.post(body["reply_to"], json={})  # finds: SEC-06


def through(target):
    return requests.get("https://a.example.org", proxies=request.json["proxies"])  # finds: SEC-06
