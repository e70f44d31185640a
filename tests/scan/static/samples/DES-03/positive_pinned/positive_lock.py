import sys

from qiskit import qpy

circuit = qpy.load(open(sys.argv[1], "rb"))[0]  # finds: DES-03 high
