"""Descent written by hand, settings changed later, keywords, task queues."""

import asyncio

import pennylane as qml
import torch
from aiohttp import web
from celery import shared_task
from flask import Flask, request

app = Flask(__name__)
routes = web.RouteTableDef()


def toy(seed):
    rows = qml.numpy.random.default_rng(seed).uniform(0, 1, 8)
    return rows[rows > 0.5]


def fitted(rate, steps):
    rows = toy(seed=3)
    optimizer = qml.RMSPropOptimizer(stepsize=rate)  # finds: VAR-03 medium
    return optimizer, rows


@routes.post("/fit")
async def fit(asked: web.Request):
    body = await asked.json()
    rate, steps = float(body["rate"]), int(body["steps"])
    return await asyncio.to_thread(fitted, rate, steps)


@app.post("/descend")
def descend(cost, theta):
    lr = float(request.json["lr"])
    gradient = qml.grad(cost)
    for _ in range(int(request.json["steps"])):  # finds: VAR-03 medium
        theta = theta - lr * gradient(theta)  # finds: VAR-03 medium
    return str(theta)


@app.put("/rate")
def change(trainer):
    trainer.optimizer.stepsize = float(request.json["rate"])  # finds: VAR-03 medium
    for group in trainer.torch_optimizer.param_groups:
        group["lr"] = request.json["rate"]  # finds: VAR-03 medium
    return "changed"


@app.post("/keywords")
def keywords(layer):
    return str(torch.optim.Adam(layer.parameters(), **request.json["adam"]))  # finds: VAR-03


@shared_task
def queued(recipe: dict):
    rule = getattr(qml, recipe["rule"])
    return rule(stepsize=recipe["rate"])  # finds: VAR-03 medium
