"""Smallest complete program with the SDK."""
import os

from lumen.encoders import AngleEncoder
from lumen.transport import Transport

TOKEN = os.environ.get("LUMEN_TOKEN", "PASTE_YOUR_TOKEN_HERE")
TRAIN = [[0.0, 1.5, 20.0], [1.0, 2.5, 80.0], [0.4, 2.0, 55.0]]


def program(row) -> dict:
    encoder = AngleEncoder.fit(TRAIN)
    gates = [{"gate": "ry", "target": i, "angle": float(a)} for i, a in enumerate(encoder.angles(row))]
    gates += [{"gate": "cx", "control": i, "target": i + 1} for i in range(encoder.wires - 1)]
    return {"qubits": encoder.wires, "gates": gates}


def main() -> None:
    if TOKEN == "PASTE_YOUR_TOKEN_HERE":
        raise SystemExit("set LUMEN_TOKEN first")
    transport = Transport(TOKEN)
    job_id = transport.submit(program([0.3, 1.9, 40.0]), shots=500)
    print("submitted", job_id)


if __name__ == "__main__":
    main()
