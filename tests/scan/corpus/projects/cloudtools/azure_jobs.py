"""Submit to an Azure Quantum workspace."""

import os

from azure.quantum import Workspace
from azure.quantum.qiskit import AzureQuantumProvider
from qiskit import QuantumCircuit

CONNECTION = (
    "SubscriptionId=5f3d7c1e-8a42-4b0f-9d56-2c7be01a4f93;ResourceGroupName=qlab;WorkspaceName=qlab-west;"
    "ApiKey=isfBAB3gvW0AvJGfDWzPc8YcqyABXTV5JAD82zrr9Ha=;QuantumEndpoint=https://westeurope.quantum.azure.com/;"
)


def bell() -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    return circuit


def workspace() -> Workspace:
    text = os.environ.get("AZURE_QUANTUM_CONNECTION", CONNECTION)
    return Workspace.from_connection_string(text)


def targets() -> list[str]:
    provider = AzureQuantumProvider(workspace())
    return [backend.name() for backend in provider.backends()]


if __name__ == "__main__":
    print(targets(), bell().depth())
