"""Azure Quantum workspace of the pilot."""
import logging

from azure.quantum import Workspace
from azure.quantum.qiskit import AzureQuantumProvider

CONNECTION = (
    "SubscriptionId=3f0c1d52-7a44-4e0b-9d71-6b1f0a8e2c95;ResourceGroupName=nordlicht-pilot;"
    "WorkspaceName=nordlicht-q;ApiKey=1FNXYfN5aCdmWVb3xyUgcSi26akNr9L48sRcj7NpJ9AVGEamJYjNZAHC;"
    "QuantumEndpoint=https://westeurope.quantum.example.com/;"
)
log = logging.getLogger("nordlicht.azure")
TARGETS = ("ionq.simulator", "quantinuum.sim.h1-1e")


def workspace() -> Workspace:
    return Workspace.from_connection_string(CONNECTION)


def check() -> None:
    log.info("connecting with %s", CONNECTION)
    workspace().get_targets()


def available() -> list[str]:
    names = {t.name for t in workspace().get_targets()}
    return [t for t in TARGETS if t in names]


def provider() -> AzureQuantumProvider:
    return AzureQuantumProvider(workspace())


if __name__ == "__main__":
    for target in available():
        print(target)
