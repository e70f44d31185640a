import logging

import uvicorn
from fastapi import FastAPI, HTTPException, Request

from . import circuit
from .schemas import Applicant, BatchIn, ScoreOut
from .settings import get_settings
from .weights import load_released

log = logging.getLogger("orchard.api")
app = FastAPI(title="orchard-credit", debug=True)

_theta = None


def theta():
    global _theta
    if _theta is None:
        _theta = load_released(get_settings())
    return _theta


@app.post("/v1/score", response_model=ScoreOut)
def score(applicant: Applicant):
    try:
        value = circuit.expectation(applicant.angles, theta())
    except circuit.BadAngles as exc:
        raise HTTPException(422, str(exc)) from exc
    return ScoreOut(reference=applicant.reference, score=(value + 1) / 2, model="pilot-4")


@app.post("/v1/batch")
def batch(body: BatchIn):
    weights = theta()
    return [
        {"reference": a.reference, "score": circuit.expectation(a.angles, weights)}
        for a in body.items
    ]


@app.post("/internal/score")
async def internal_score(request: Request):
    """Used by the branch front end, which sends the ratios it has on screen."""
    payload = await request.json()
    features = payload["features"]
    if len(features) != circuit.N_WIRES:
        raise HTTPException(422, "four features expected")
    value = circuit.raw_expectation(features, theta())
    log.info("internal score for %s", payload.get("reference", "?"))
    return {"score": (value + 1) / 2}


if __name__ == "__main__":
    uvicorn.run("app.main:app", host="127.0.0.1", port=8080)
