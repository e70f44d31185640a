"""Manifests found while scanning."""

import pytest

from redqubit.scan.supply import check, manifest

pytest.importorskip("cryptography")


@pytest.fixture
def keys(tmp_path_factory):
    """Return a key pair."""
    folder = tmp_path_factory.mktemp("keys")
    manifest.keygen(folder / "private", folder / "public")
    return folder / "private", folder / "public"


@pytest.fixture
def folder(tmp_path, keys):
    """Return a folder with a model and its signed manifest."""
    (tmp_path / "model.bin").write_bytes(b"weights")
    manifest.write(manifest.create([tmp_path], tmp_path, keys[0]), tmp_path / manifest.NAME)
    return tmp_path


def _found(folder, key=None):
    return [(f.rule, f.severity) for f in check([folder], root=folder, key=key).findings]


def test_unchanged(folder, keys):
    """A folder as it was signed is silent."""
    assert _found(folder) == _found(folder, keys[1]) == []


def test_exchanged_model(folder):
    """A model that was exchanged is high, one that is not listed or gone medium."""
    (folder / "model.bin").write_bytes(b"Weights")
    assert _found(folder) == [("MOD-05", "high")]
    (folder / "new.pt").write_bytes(b"\0")
    (folder / "model.bin").unlink()
    assert sorted(_found(folder)) == [("MOD-05", "medium")] * 2


def test_wrong_key(folder, tmp_path_factory):
    """A signature of another key is high."""
    other = tmp_path_factory.mktemp("other")
    manifest.keygen(other / "a", other / "b")
    assert _found(folder, other / "b") == [("MOD-05", "high")]


def test_broken_manifest(folder):
    """A manifest that cannot be read is skipped, not trusted."""
    (folder / manifest.NAME).write_text("{")
    result = check([folder], root=folder)
    assert [item.file for item in result.skipped] == [manifest.NAME]
