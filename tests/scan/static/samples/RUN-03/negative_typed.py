"""The type of the request lists the devices; a wrapper hands the choice on."""

from enum import Enum

from fastapi import FastAPI
from pydantic import BaseModel
from qiskit_ibm_runtime import QiskitRuntimeService

api = FastAPI()


class Machine(str, Enum):
    FEZ = "ibm_fez"
    TORINO = "ibm_torino"


class Order(BaseModel):
    machine: Machine = Machine.FEZ


@api.post("/orders")
def take(order: Order):
    return QiskitRuntimeService().backend(order.machine.value).name  # ok


class Provider:
    def __init__(self):
        self.service = QiskitRuntimeService()

    def least_busy(self, **options):
        return self.service.least_busy(**options)  # ok
