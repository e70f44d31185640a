"""Hooks of classes and handlers that reach for an object they cannot name."""

import numpy as np
import torch
from flask import Blueprint, current_app, request

theta = "a word of circuits"
bp = Blueprint("admin", __name__)


class Drop:
    def __init__(self, path):
        self.path = path

    def after(self, learner, step):
        if self.path.exists():
            learner.params = np.load(self.path)  # finds: VAR-02


class Blend:
    def after(self, learner, step):
        np.copyto(learner.params, np.load("/shared/params.npy"))  # finds: VAR-02


class Watch:
    def after(self, learner, step):
        learner.note = step  # ok
        print(learner.params.copy(), torch.__version__)  # ok


def other(learner, step):
    learner.params = step  # ok: nothing calls it in the loop


def _learner():
    return current_app.extensions["learner"]


@bp.put("/params")
def replace():
    values = np.asarray(request.get_json()["params"], dtype=float)
    learner = _learner()
    learner.params[:] = values  # finds: VAR-02
    return "ok"


@bp.get("/params")
def show():
    return {"params": _learner().params.tolist()}  # ok
