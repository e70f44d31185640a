"""Convert result archives of the old tool (2021-2022) to npz."""
import json
import pickle
from pathlib import Path

import click
import numpy as np


def _load_any(path: Path):
    if path.suffix == ".json":
        return json.loads(path.read_text())
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as archive:
            return {key: archive[key] for key in archive.files}
    if path.suffix == ".npy":
        return np.load(path, allow_pickle=True).item()
    with path.open("rb") as handle:
        return pickle.load(handle)


def _to_arrays(content: dict) -> dict[str, np.ndarray]:
    arrays = {}
    for name, value in content.items():
        array = np.asarray(value)
        if array.dtype == object:
            click.echo(f"skipping {name}: not a plain array", err=True)
            continue
        arrays[name] = array
    return arrays


@click.command()
@click.argument("archives", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("converted"))
def convert(archives: tuple[Path, ...], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in archives:
        arrays = _to_arrays(_load_any(path))
        np.savez(out / (path.stem + ".npz"), **arrays)
        click.echo(f"{path.name}: {len(arrays)} arrays")
