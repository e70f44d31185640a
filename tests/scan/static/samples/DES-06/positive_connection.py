"""Programs that come over a connection and are parsed in a thread."""

import asyncio
import json

import websockets
from qiskit import QuantumCircuit


async def draw(message):
    circuit = await asyncio.to_thread(QuantumCircuit.from_qasm_str, message["source"])  # finds: DES-06
    return str(circuit.draw("text"))


HANDLERS = {"draw": draw}


async def session(ws):
    async for raw in ws:
        message = json.loads(raw)
        await ws.send(await HANDLERS[message["op"]](message))


async def main():
    async with websockets.serve(session, "127.0.0.1", 8765):
        await asyncio.Future()
