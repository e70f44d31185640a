"""Circuits that colleagues upload to the group bucket."""

import io
import struct

import boto3
from qiskit import qpy

BUCKET = "group-circuits"


def _bytes(key: str) -> bytes:
    body = boto3.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"]
    return body.read()


def load(key: str):
    return qpy.load(io.BytesIO(_bytes(key)))


def load_checked(key: str):
    blob = _bytes(key)
    magic, version = struct.unpack("!6sB", blob[:7])
    if magic != b"QISKIT" or version < 13:
        raise ValueError("QPY files below version 13 are not read")
    return qpy.load(io.BytesIO(blob))
