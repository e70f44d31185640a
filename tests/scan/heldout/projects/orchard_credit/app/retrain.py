from dataclasses import dataclass, field

import pennylane as qml
from fastapi import APIRouter, BackgroundTasks, Request
from pennylane import numpy as pnp

from .circuit import N_LAYERS, N_WIRES

router = APIRouter(prefix="/retrain")
dev = qml.device("default.qubit", wires=N_WIRES)


@qml.qnode(dev)
def model(x, w):
    qml.AngleEmbedding(x, wires=range(N_WIRES))
    qml.BasicEntanglerLayers(w, wires=range(N_WIRES))
    return qml.expval(qml.PauliZ(0))


@dataclass
class TrainState:
    theta: pnp.ndarray = field(
        default_factory=lambda: pnp.zeros((N_LAYERS, N_WIRES), requires_grad=True))
    losses: list = field(default_factory=list)
    busy: bool = False


state = TrainState()
REFERENCE = pnp.array([[0.2, 0.4, 0.1, 0.9], [1.2, 0.3, 2.1, 0.5]], requires_grad=False)
TARGETS = pnp.array([1.0, -1.0], requires_grad=False)


def cost(w):
    return sum((model(x, w) - t) ** 2 for x, t in zip(REFERENCE, TARGETS)) / len(TARGETS)


def fit(lr: float, steps: int) -> None:
    state.busy = True
    opt = qml.GradientDescentOptimizer(stepsize=lr)
    try:
        for _ in range(steps):
            state.theta, loss = opt.step_and_cost(cost, state.theta)
            state.losses.append(float(loss))
    finally:
        state.busy = False


@router.post("/start")
async def start(request: Request, tasks: BackgroundTasks):
    body = await request.json()
    tasks.add_task(fit, body.get("lr", 0.1), body.get("steps", 50))
    return {"accepted": True}


@router.put("/theta")
async def nudge(request: Request):
    body = await request.json()
    state.theta = pnp.array(body["theta"], requires_grad=True)
    return {"norm": float(pnp.linalg.norm(state.theta))}


@router.get("/progress")
def progress():
    return {"busy": state.busy, "losses": state.losses[-20:]}
