import json
import sys

import requests
from qiskit_ibm_runtime import RuntimeDecoder, RuntimeEncoder


class Decoder(json.JSONDecoder):
    pass


class RuntimeDecoderLike(json.JSONDecoder):
    pass


def plain(url):
    return json.loads(requests.get(url).text)  # ok


def own_decoder(url):
    return json.loads(requests.get(url).text, cls=Decoder)  # ok


def look_alike(url):
    return json.loads(requests.get(url).text, cls=RuntimeDecoderLike)  # ok


def encoded(value):
    return json.dumps(value, cls=RuntimeEncoder)  # ok


def constant():
    return json.loads('{"a": 1}', cls=RuntimeDecoder)  # ok


def round_trip(value):
    text = json.dumps(value, cls=RuntimeEncoder)
    return text  # ok


def own():
    with open("a.json", "w") as file:
        json.dump({}, file, cls=RuntimeEncoder)
    with open("a.json") as file:
        return json.load(file, cls=RuntimeDecoder)  # ok


def argument():
    return json.loads(sys.argv[1])  # ok


def decode(data):
    return data.decode()  # ok


def text(name):
    return open(name).read().encode().decode()  # ok
