"""Same as azure_ws, for the production subscription."""
import os

from azure.identity import DefaultAzureCredential
from azure.quantum import Workspace

PLACEHOLDER = "SubscriptionId=<subscription>;ResourceGroupName=<group>;WorkspaceName=<name>;ApiKey=<key>;"


def workspace() -> Workspace:
    text = os.environ.get("AZURE_QUANTUM_CONNECTION_STRING", "")
    if text and text != PLACEHOLDER:
        return Workspace.from_connection_string(text)
    return Workspace(
        resource_id=os.environ["AZURE_QUANTUM_RESOURCE_ID"],
        location=os.environ.get("AZURE_QUANTUM_LOCATION", "westeurope"),
        credential=DefaultAzureCredential(exclude_interactive_browser_credential=True),
    )


def describe() -> str:
    ws = workspace()
    return f"{ws.name} in {ws.location}, {len(list(ws.get_targets()))} targets"


if __name__ == "__main__":
    print(describe())
