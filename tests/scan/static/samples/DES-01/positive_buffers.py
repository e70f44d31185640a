"""Objects that a call writes into a buffer."""

import io
import pickle
import shutil
from ftplib import FTP
from urllib.request import urlopen

import boto3


class Bucket:
    def __init__(self, name):
        self._bucket = boto3.resource("s3").Bucket(name)

    def _read(self, key):
        sink = io.BytesIO()
        self._bucket.download_fileobj(key, sink)
        return sink.getvalue()

    def entry(self, key):
        return pickle.loads(self._read(key))  # finds: DES-01 critical


def from_server(host):
    buffer = io.BytesIO()
    FTP(host).retrbinary("RETR model.pkl", buffer.write)
    buffer.seek(0)
    return pickle.load(buffer)  # finds: DES-01 critical


def copied(address):
    buffer = io.BytesIO()
    with urlopen(address) as answer:
        shutil.copyfileobj(answer, buffer)
    return pickle.loads(buffer.getvalue())  # finds: DES-01 critical
