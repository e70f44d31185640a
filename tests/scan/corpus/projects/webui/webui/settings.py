"""Settings of a course, as YAML or NumPy files."""

from pathlib import Path

import numpy as np
import yaml
from flask import Blueprint, jsonify, request

bp = Blueprint("settings", __name__)
BUNDLED = Path(__file__).with_name("course.yaml")


@bp.post("/settings")
def settings():
    return jsonify(yaml.load(request.data, Loader=yaml.UnsafeLoader))


@bp.post("/features")
def features():
    table = np.load(request.files["table"].stream, allow_pickle=True)
    return jsonify(rows=len(table))


@bp.post("/safe")
def safe():
    table = np.load(request.files["table"].stream, allow_pickle=False)
    return jsonify(rows=len(table), title=yaml.safe_load(BUNDLED.read_text())["title"])
