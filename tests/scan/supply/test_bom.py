"""Bills of materials."""

import json

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.supply import bom, native
from redqubit.scan.supply.advisories import shipped

MODEL = bom.Model(
    "digits",
    encoder="angle",
    ansatz="strongly_entangling",
    qubits=4,
    parameters="a" * 64,
    training_data="b" * 64,
    dataset="digits",
    backend="fake_kyiv",
    calibration="2026-11-01",
    metrics={"clean accuracy": 0.93},
    properties={"shots": "1024"},
)
LIBRARIES = (
    bom.Library("qiskit", "1.2.4"),
    bom.Library("torch", "2.13.0+cpu", "BSD-3-Clause"),
    bom.Library("numpy", "2.4.6"),
)


def _strict(data):
    validation = pytest.importorskip("cyclonedx.validation.json")
    from cyclonedx.schema import SchemaVersion

    return validation.JsonStrictValidator(SchemaVersion.V1_6).validate_str(bom.text(data))


def test_valid(tmp_path):
    """The document passes the official schema of CycloneDX 1.6, strictly."""
    (tmp_path / "m.safetensors").write_bytes(b"weights")
    model = bom.Model("m", files=(tmp_path / "m.safetensors",))
    known = shipped()
    for data in (
        bom.build(MODEL, LIBRARIES, known, timestamp="2026-11-21T00:00:00Z"),
        bom.build(model, [], known),
        bom.build(model, bom.installed(), known),
    ):
        assert _strict(data) is None


def test_schema_notices():
    """The validator notices a document that is wrong."""
    data = bom.build(MODEL, LIBRARIES, shipped())
    data["metadata"]["component"]["type"] = "quantum"
    assert _strict(data) is not None


def test_quantum_facts():
    """The model card states encoder, ansatz, qubits, digests and calibration."""
    component = bom.build(MODEL, LIBRARIES, shipped())["metadata"]["component"]
    assert component["type"] == "machine-learning-model"
    facts = {item["name"]: item["value"] for item in component["modelCard"]["properties"]}
    assert facts == {
        "qml:encoder": "angle",
        "qml:ansatz": "strongly_entangling",
        "qml:qubits": "4",
        "qml:parameters:sha256": "a" * 64,
        "qml:training-data:sha256": "b" * 64,
        "qml:backend": "fake_kyiv",
        "qml:calibration": "2026-11-01",
        "qml:shots": "1024",
    }


def test_vulnerabilities():
    """What affects a library is listed with what fixes it, and refers to a component."""
    data = bom.build(MODEL, LIBRARIES, shipped())
    parts = {item["bom-ref"] for item in data["components"]}
    listed = {item["id"]: item for item in data["vulnerabilities"]}
    assert set(listed) == {"GHSA-6m2c-76ff-6vrf", "GHSA-fpmr-m242-xm7x"}
    for item in listed.values():
        assert {target["ref"] for target in item["affects"]} <= parts
    assert "qiskit 1.4.2" in listed["GHSA-6m2c-76ff-6vrf"]["recommendation"]


def test_deterministic():
    """Equal input in any order gives the same text; other input another serial number."""
    first = bom.build(MODEL, LIBRARIES, shipped())
    second = bom.build(MODEL, LIBRARIES[::-1], shipped())
    assert bom.text(first) == bom.text(second)
    assert json.loads(bom.text(first)) == first
    assert bom.build(MODEL, [], shipped())["serialNumber"] != first["serialNumber"]


def test_from_files(tmp_path):
    """Exact versions come from requirements and locks, each package once."""
    (tmp_path / "requirements.txt").write_text("Qiskit==2.6.2\nnumpy>=2\n")
    (tmp_path / "uv.lock").write_text('[[package]]\nname = "numpy"\nversion = "2.4.6"\n')
    found = bom.from_files([tmp_path / "requirements.txt", tmp_path / "uv.lock"])
    assert found == (bom.Library("numpy", "2.4.6"), bom.Library("qiskit", "2.6.2"))
    (tmp_path / "x.bin").touch()
    with pytest.raises(InputError, match="not a requirements"):
        bom.from_files([tmp_path / "x.bin"])


def test_installed():
    """Named distributions that are installed come with their versions."""
    assert [item.name for item in bom.installed(["NumPy", "no-such-package"])] == ["numpy"]


@pytest.mark.parametrize(
    "fields", [{"name": ""}, {"name": "m", "qubits": 0}, {"name": "m", "parameters": "xyz"}]
)
def test_bad_models(fields):
    """A model without name, with a wrong digest or count is refused."""
    with pytest.raises(InputError):
        bom.Model(**fields)


def test_machine_code(tmp_path, monkeypatch):
    """Libraries below a folder are listed once each, with a digest; the document stays valid."""
    monkeypatch.chdir(tmp_path)
    for name in ("a/one.so", "b/one.so", "b/two.so"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\x7fELF" + name[-4:].encode() + name[2:3].encode() * 9)
    (tmp_path / "b" / "text.so").write_text("no code")
    found = native.inventory([tmp_path])
    assert [path.name for path in found] == ["one.so", "one.so", "two.so"]
    data = bom.build(bom.Model("m"), [], shipped(), natives=found)
    assert _strict(data) is None
    assert [part["name"] for part in data["components"]] == ["one.so", "two.so"]
    assert all(part["hashes"][0]["alg"] == "SHA-256" for part in data["components"])
    assert native.inventory([tmp_path], ["b/"]) == (tmp_path / "a" / "one.so",)
