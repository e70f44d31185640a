"""Small FastAPI service that draws uploaded QPY files."""

from fastapi import FastAPI, UploadFile
from qiskit.qpy import load as load_qpy

app = FastAPI()


@app.post("/draw")
async def draw(file: UploadFile):
    circuits = load_qpy(file.file)
    return {"pictures": [str(c.draw("text")) for c in circuits[:10]]}


@app.get("/formats")
def formats():
    return {"formats": ["qpy"]}
