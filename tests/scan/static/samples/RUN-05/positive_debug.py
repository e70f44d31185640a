"""Debug mode of several frameworks."""

import pennylane as qml
import uvicorn
from fastapi import FastAPI
from flask import Flask

api = FastAPI(title="scores", debug=True)  # finds: RUN-05
app = Flask(__name__)
app.config["DEBUG"] = True  # finds: RUN-05
app.debug = True  # finds: RUN-05


class Config:
    DEBUG = True  # finds: RUN-05


def create_app():
    return app


def serve():
    uvicorn.run(api, host="127.0.0.1", port=8000)
    return qml.version()


if __name__ == "__main__":
    create_app().run(host="127.0.0.1", debug=True)  # finds: RUN-05
