"""Molecule data of the PennyLane collection."""

import pennylane as qml


def h2():
    return qml.data.load("qchem", molname="H2", basis="STO-3G", bondlength=0.742)


def ground_energy() -> float:
    (data,) = h2()
    return float(data.fci_energy)


def hamiltonian(molname: str = "LiH"):
    symbols, geometry = qml.qchem.mol_data(molname)
    return qml.qchem.molecular_hamiltonian(symbols, geometry)


if __name__ == "__main__":
    print(ground_energy())
