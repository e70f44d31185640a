"""A service for annealers, in debug mode."""

from dwave.system import DWaveSampler
from flask import Flask

app = Flask(__name__)


@app.get("/properties")
def properties():
    return str(DWaveSampler().properties)


def serve():
    app.config.update(DEBUG=True)  # finds: RUN-05
    app.run(host="127.0.0.1", debug=1)  # finds: RUN-05
