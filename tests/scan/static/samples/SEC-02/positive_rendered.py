"""A function makes the text of a file from a token."""

import configparser
import io
import os


def _render(token, region):
    parser = configparser.ConfigParser()
    parser["defaults"] = {"region": region, "token": token}
    buffer = io.StringIO()
    parser.write(buffer)
    return buffer.getvalue()


def provision(path):
    token = os.environ["DWAVE_API_TOKEN"]
    with open(path, "w") as handle:
        handle.write(_render(token, "na-west-1"))  # finds: SEC-02
