"""Re-analyse job results exported from the old platform."""

import json
import sys
from pathlib import Path

from qiskit_ibm_runtime import RuntimeDecoder
from qiskit_ibm_runtime.utils import RuntimeEncoder


def load_export(path: Path):
    text = path.read_text()
    return json.loads(text, cls=RuntimeDecoder)


def own_round_trip(params: dict) -> dict:
    return json.loads(json.dumps(params, cls=RuntimeEncoder))


def main() -> int:
    for name in sys.argv[1:]:
        export = load_export(Path(name))
        print(name, len(export["quasi_dists"]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
