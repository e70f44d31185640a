import json

import requests


def handler(event, context):
    return float(json.loads(event["body"])["angle"])  # ok


def arrived(client, userdata, message):
    formulas = {"half": "1 / 2"}
    return eval(formulas["half"])  # ok


def prepared():
    req = requests.Request("GET", "https://example.org/angle")
    return req.url  # ok


def start(client):
    client.on_message = arrived
