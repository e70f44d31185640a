"""Consumer for the production topic; every message passes a schema."""
import logging
import math
from typing import Annotated, Literal

import numpy as np
import pennylane as qml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

log = logging.getLogger("harbor.validated")
Scaled = Annotated[float, Field(ge=-math.pi / 2, le=math.pi / 2, allow_inf_nan=False)]


class VesselEvent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mmsi: int = Field(ge=100_000_000, le=999_999_999)
    angles: tuple[Scaled, Scaled, Scaled]
    shots: int = Field(default=512, ge=16, le=4096)
    axis: Literal["X", "Y", "Z"] = "Y"


def circuit_for(event: VesselEvent):
    dev = qml.device("default.qubit", wires=3, shots=event.shots)

    @qml.qnode(dev)
    def run(angles):
        qml.AngleEmbedding(angles, wires=range(3), rotation=event.axis)
        for a, b in ((0, 1), (1, 2)):
            qml.CNOT(wires=[a, b])
        return qml.expval(qml.PauliZ(2))

    return run


def handle(raw: bytes) -> float | None:
    try:
        event = VesselEvent.model_validate_json(raw)
    except ValidationError as exc:
        log.warning("message dropped, %d problems", exc.error_count())
        return None
    return float(circuit_for(event)(np.array(event.angles)))
