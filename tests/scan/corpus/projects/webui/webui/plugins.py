"""Course plug-ins."""

import importlib

from flask import Blueprint, jsonify, request

bp = Blueprint("course_plugins", __name__)
ENTRY = {"bloch": "webui_bloch", "noise": "webui_noise"}


@bp.get("/plugin/<name>")
def plugin(name):
    module = importlib.import_module(f"webui_{name}")
    return jsonify(title=module.TITLE)


@bp.get("/entry/<name>")
def entry(name):
    if name not in ENTRY:
        return jsonify(error="no such plug-in"), 404
    return jsonify(title=importlib.import_module(ENTRY[name]).TITLE)
