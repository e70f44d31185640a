"""The service is a property; the name a message's."""

from celery import shared_task
from qiskit_ibm_runtime import QiskitRuntimeService


class Pool:
    _service = None

    @property
    def service(self) -> QiskitRuntimeService:
        if self._service is None:
            self._service = QiskitRuntimeService()
        return self._service

    def pick(self, qubits):
        return self.service.least_busy(min_num_qubits=qubits)  # finds: RUN-03 low


@shared_task
def submit(message: dict):
    return QiskitRuntimeService().backend(message["backend"]).name  # finds: RUN-03
