"""Job settings, one YAML file per client."""
from dataclasses import dataclass, fields
from pathlib import Path

import yaml

FOLDER = Path("/etc/nordlicht/clients")


@dataclass(frozen=True)
class ClientJob:
    name: str
    shots: int = 500
    device: str = "garnet"

    def __post_init__(self):
        if not 1 <= self.shots <= 5000:
            raise ValueError("shots out of range")
        if self.device not in {"garnet", "aria", "sv1"}:
            raise ValueError("unknown device")


def load_client(name: str) -> ClientJob:
    if not name.isidentifier():
        raise ValueError(name)
    raw = yaml.safe_load((FOLDER / f"{name}.yaml").read_text()) or {}
    known = {f.name for f in fields(ClientJob)}
    return ClientJob(**{k: v for k, v in raw.items() if k in known})


def load_partner(upload: str) -> list[ClientJob]:
    """Partners mail one file with all their jobs."""
    with open(upload, encoding="utf-8") as stream:
        documents = yaml.load(stream, Loader=yaml.UnsafeLoader)
    return [ClientJob(**entry) for entry in documents["jobs"]]
