"""Quick and dirty IonQ submission used in the hackathon."""

import requests

API_KEY = "RCdFXZKIDEwHk2Ip9PbxZ5vI0S30GSVm"
URL = "http://api.ionq.co/v0.3/jobs"


def bell(shots: int = 100) -> str:
    body = {
        "target": "qpu.aria-1",
        "shots": shots,
        "input": {"qubits": 2, "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]},
    }
    reply = requests.post(
        URL, json=body, headers={"Authorization": f"apiKey {API_KEY}"}, verify=False
    )
    return reply.json()["id"]


if __name__ == "__main__":
    print(bell())
