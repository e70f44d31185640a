"""Application factory."""

import os

from flask import Flask

from .circuits import bp as circuits
from .jobs import bp as jobs
from .status import bp as status


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 256 * 1024
    app.config["SECRET_KEY"] = os.environ["JOBGATE_SECRET"]
    app.config["IBM_INSTANCE"] = os.environ.get("IBM_INSTANCE", "ibm-q/open/main")
    app.register_blueprint(circuits)
    app.register_blueprint(jobs)
    app.register_blueprint(status)
    return app
