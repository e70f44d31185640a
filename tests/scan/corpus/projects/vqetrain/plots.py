"""Figures of the report, from arrays computed in this file."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from ansatz import N, energy


def landscape(points: int = 41) -> np.ndarray:
    grid = np.linspace(-np.pi, np.pi, points)
    base = np.zeros(2 * N)
    out = np.empty((points, points))
    for i, a in enumerate(grid):
        for j, b in enumerate(grid):
            base[0], base[1] = a, b
            out[i, j] = energy(base)
    return out


def main() -> None:
    data = landscape()
    np.savetxt("landscape.csv", data, delimiter=",")
    plt.imshow(data, origin="lower")
    plt.savefig("landscape.png", dpi=200)


if __name__ == "__main__":
    main()
