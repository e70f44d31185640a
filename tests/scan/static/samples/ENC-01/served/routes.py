"""Hands a request to a model."""

import store
from flask import Flask, request

app = Flask(__name__)


@app.post("/predict")
def predict():
    body = request.get_json()
    found = store.model(body["model"], None)
    return {"score": found.predict(body["features"])}
