import json
import sys

from qiskit_ibm_runtime import RuntimeDecoder

data = json.load(open(sys.argv[1]), cls=RuntimeDecoder)  # ok
