"""HTTP sessions for the on-premises controller."""

import ssl
import urllib.request

import requests


def lab_session(ca_bundle: str = "/etc/ssl/lab-ca.pem") -> requests.Session:
    session = requests.Session()
    session.verify = ca_bundle
    return session


def insecure_session() -> requests.Session:
    session = requests.Session()
    session.verify = False
    return session


def context(check: bool = True) -> ssl.SSLContext:
    made = ssl.create_default_context()
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def calibration(url: str = "https://controller.lab.example/calibration") -> bytes:
    unchecked = ssl._create_unverified_context()
    with urllib.request.urlopen(url, context=unchecked, timeout=10) as reply:
        return reply.read(1 << 20)


def custom() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made
