"""Manifests: digests, signatures, and the check before loading."""

import builtins
import json
import stat

import pytest

from redqubit.core.errors import InputError, MissingExtraError
from redqubit.scan.supply import manifest

pytest.importorskip("cryptography")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with two models, a key pair and a signed manifest."""
    (tmp_path / "models" / "deep").mkdir(parents=True)
    (tmp_path / "models" / "a.safetensors").write_bytes(b"weights")
    (tmp_path / "models" / "deep" / "b.npz").write_bytes(b"more")
    manifest.keygen(tmp_path / "private.key", tmp_path / "public.key")
    made = manifest.create([tmp_path / "models"], tmp_path / "models", tmp_path / "private.key")
    manifest.write(made, tmp_path / "models" / manifest.NAME)
    return tmp_path


def test_round_trip(folder):
    """What was signed verifies, is sorted, and reads back equal."""
    path = folder / "models" / manifest.NAME
    found = manifest.verify(path, folder / "public.key", unlisted=[".npz"])
    assert found == manifest.Check({}, signed=True)
    made = manifest.create([folder / "models"], folder / "models", folder / "private.key")
    assert manifest.read(path) == made
    assert list(made.files) == ["a.safetensors", "deep/b.npz"]


def test_differences(folder):
    """Changed, missing and unlisted files are told apart."""
    models = folder / "models"
    (models / "a.safetensors").write_bytes(b"Weights")
    (models / "deep" / "b.npz").unlink()
    (models / "c.npz").touch()
    found = manifest.verify(models / manifest.NAME, unlisted=[".npz"])
    assert found.changes == {
        "a.safetensors": "changed",
        "c.npz": "unlisted",
        "deep/b.npz": "missing",
    }
    assert not found.signed


def test_changed_list(folder):
    """A list that was changed after signing does not verify, though its digests fit."""
    path = folder / "models" / manifest.NAME
    data = json.loads(path.read_text())
    (folder / "models" / "a.safetensors").write_bytes(b"other")
    entry = manifest.digest(folder / "models" / "a.safetensors")
    data["files"]["a.safetensors"] = {"sha256": entry.sha256, "size": entry.size}
    path.write_text(json.dumps(data))
    assert manifest.verify(path).changes == {}
    with pytest.raises(InputError, match="changed after"):
        manifest.verify(path, folder / "public.key")


def test_other_key(folder):
    """A list signed by another key does not verify, though that key stands in it."""
    manifest.keygen(folder / "p2", folder / "q2")
    with pytest.raises(InputError, match="not signed with the key"):
        manifest.verify(folder / "models" / manifest.NAME, folder / "q2")


def test_unsigned(folder):
    """A list nobody signed is refused where a key is trusted."""
    made = manifest.create([folder / "models"], folder / "models")
    manifest.write(made, folder / "models" / manifest.NAME)
    with pytest.raises(InputError, match="not signed"):
        manifest.verify(folder / "models" / manifest.NAME, folder / "public.key")


def test_before_loading(folder):
    """A file passes if it is listed with exactly its bytes."""
    path, model = folder / "models" / manifest.NAME, folder / "models" / "a.safetensors"
    manifest.verify_file(model, path, folder / "public.key")
    model.write_bytes(b"w3ights")
    with pytest.raises(InputError, match="differs"):
        manifest.verify_file(model, path, folder / "public.key")
    (folder / "models" / "new").touch()
    with pytest.raises(InputError, match="not listed"):
        manifest.verify_file(folder / "models" / "new", path)
    with pytest.raises(InputError, match="outside"):
        manifest.verify_file(folder / "public.key", path)


def test_keys(folder):
    """The private key is its owner's alone, is never overwritten, and is no public key."""
    private = folder / "private.key"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    before = private.read_bytes()
    with pytest.raises(InputError, match="cannot write the key"):
        manifest.keygen(private, folder / "other")
    assert private.read_bytes() == before
    with pytest.raises(InputError, match="is not a"):
        manifest.verify(folder / "models" / manifest.NAME, private)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {"schema": "other"},
        {"schema": manifest.SCHEMA, "files": []},
        {"schema": manifest.SCHEMA, "files": {"../x": {"sha256": "0" * 64, "size": 1}}},
        {"schema": manifest.SCHEMA, "files": {"/x": {"sha256": "0" * 64, "size": 1}}},
        {"schema": manifest.SCHEMA, "files": {"x": {"sha256": "0", "size": 1}}},
        {"schema": manifest.SCHEMA, "files": {"x": {"sha256": "0" * 64}}},
        {"schema": manifest.SCHEMA, "files": {}, "signature": {"algorithm": "none"}},
    ],
)
def test_bad_manifests(tmp_path, data):
    """What is no manifest, or points out of its folder, is refused."""
    (tmp_path / "m.json").write_text(json.dumps(data))
    with pytest.raises(InputError):
        manifest.read(tmp_path / "m.json")


def test_bad_paths(tmp_path):
    """Missing files, files outside and empty folders are the user's errors."""
    (tmp_path / "x").mkdir()
    (tmp_path / "y").touch()
    for paths, match in (
        ([tmp_path / "gone"], "not a file"),
        ([tmp_path / "y"], "outside"),
        ([tmp_path / "x"], "no file"),
    ):
        with pytest.raises(InputError, match=match):
            manifest.create(paths, tmp_path / "x")


def test_missing_extra(tmp_path, monkeypatch):
    """Without the package the error names the extra, and no weaker scheme takes its place."""
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"redqubit\[sign\]"):
        manifest.keygen(tmp_path / "a", tmp_path / "b")
