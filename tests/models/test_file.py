"""Model files: exact round trips, and refusal of everything else."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from qiskit.circuit import QuantumCircuit
from qiskit.quantum_info import SparsePauliOp
from safetensors.numpy import save as to_bytes
from sklearn.svm import SVC

from redqubit import circuits
from redqubit.core.errors import InputError
from redqubit.engine.channels import depolarizing
from redqubit.engine.noise import Noise, Readout
from redqubit.models import QNN, QSVM, ClassicalNetwork, datasets, file
from redqubit.models.split import split
from redqubit.scan.supply import manifest

PARTS = circuits.angle(2), circuits.strongly_entangling(2, 1)
MODELS = {
    "qnn": QNN(*PARTS, epochs=1),
    "default circuits": QNN(epochs=1, classes=["a", "b", "c"]),
    "reupload": QNN(circuits.reupload(2, 2), epochs=1, dtype="complex128"),
    "zz and spsa": QNN(circuits.zz_feature_map(2), PARTS[1], epochs=1, optimizer="spsa"),
    "noise": QNN(
        *PARTS,
        epochs=1,
        noise=Noise(two_qubit=(depolarizing(0.1),), readout=(Readout(0.1, 0.2),)),
    ),
    "observables": QNN(
        *PARTS,
        epochs=1,
        head="expectations",
        observables=["XY", SparsePauliOp.from_list([("ZZ", 0.5), ("IX", -1.0)]), "ZI"],
    ),
    "qsvm": QSVM(C=2),
    "qsvm zz": QSVM(circuits.zz_feature_map(2, 1)),
    "classical": ClassicalNetwork((3,), epochs=1),
    "softmax": ClassicalNetwork((), epochs=1),
}


@pytest.fixture(scope="module")
def blobs():
    X, y = datasets.load("blobs", samples=40)
    data = split(X, y, train=30, test=10)
    return data.X_train, np.array(["a", "b", "c"])[data.y_train], data.X_test


@pytest.mark.parametrize("name", MODELS)
def test_round_trip_keeps_every_score(name, blobs, tmp_path):
    """A model read back has the same labels and bit for bit the same scores, and saves the same."""
    X, y, queries = blobs
    model = MODELS[name].fit(X, y)
    path = tmp_path / "model.safetensors"
    file.save(model, path)
    back = file.load(path)
    assert type(back) is type(model)
    np.testing.assert_array_equal(back.classes_, model.classes_)
    np.testing.assert_array_equal(back.scores(queries), model.scores(queries))
    file.save(back, tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("labels", [[0, 1, 2], [0.0, 1.0, 2.0], [-7, 3, 10**12]])
def test_labels_keep_their_type(labels, blobs, tmp_path):
    """Whole, real and large labels come back as they were."""
    X, y, queries = blobs
    model = ClassicalNetwork(epochs=1).fit(
        X, np.array(labels)[np.unique(y, return_inverse=True)[1]]
    )
    file.save(model, tmp_path / "model")
    back = file.load(tmp_path / "model").predict(queries)
    assert back.dtype == model.predict(queries).dtype
    np.testing.assert_array_equal(back, model.predict(queries))


def test_shot_noise_continues_from_the_stored_seed(blobs, tmp_path):
    """A model with shots read back draws the shots that the model would have drawn at first."""
    X, y, queries = blobs
    model = QNN(*PARTS, epochs=1, optimizer="spsa", shots=20).fit(X, y, seed=9)
    file.save(model, tmp_path / "model")
    np.testing.assert_array_equal(
        file.load(tmp_path / "model").scores(queries), model.scores(queries)
    )


@pytest.fixture(scope="module")
def stored(blobs, tmp_path_factory):
    path = tmp_path_factory.mktemp("stored") / "model"
    file.save(MODELS["observables"].fit(*blobs[:2]), path)
    return path.read_bytes()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_damaged_files_are_refused_or_harmless(stored, tmp_path, blobs, data):
    """Any changed byte is an InputError or changes nothing that is read."""
    place = data.draw(st.integers(0, len(stored) - 1))
    mask = data.draw(st.integers(1, 255))
    damaged = bytearray(stored)
    damaged[place] ^= mask
    path = tmp_path / "damaged"
    path.write_bytes(damaged)
    try:
        model = file.load(path)
    except InputError:
        return
    path.write_bytes(stored)
    np.testing.assert_array_equal(model.scores(blobs[2]), file.load(path).scores(blobs[2]))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_truncated_and_random_files_are_refused(stored, tmp_path, data):
    """Part of a file, and any other bytes, are InputErrors."""
    length = data.draw(st.integers(0, len(stored) - 1))
    path = tmp_path / "part"
    for content in (stored[:length], data.draw(st.binary(max_size=200))):
        path.write_bytes(content)
        with pytest.raises(InputError, match="part"):
            file.load(path)


def header_of(stored: bytes) -> dict:
    size = int.from_bytes(stored[:8], "little")
    return json.loads(
        json.loads(stored[8 : 8 + size])["__metadata__"]["redqubit"].split("\n", 1)[1]
    )


ARRAYS = {"weights": np.zeros(6), "head_weight": np.eye(3), "head_bias": np.zeros(3)}


def write(path, header, arrays=None):
    """Write a file whose digest is right, whatever it holds."""
    arrays = ARRAYS if arrays is None else arrays
    text = header if isinstance(header, str) else json.dumps(header)
    digest = file._digest(text, arrays)
    path.write_bytes(to_bytes(arrays, metadata={"redqubit": f"{digest}\n{text}"}))


def nested(depth):
    return "[" * depth + "]" * depth


CHANGES = {
    "unknown kind": {"kind": "os.system"},
    "kind of another type": {"kind": ["qnn"]},
    "newer schema": {"schema": 2},
    "unknown key": {"callbacks": []},
    "wrong type": {"epochs": "1"},
    "endless shots": {"shots": 2**70},
    "boolean for a number": {"seed": True},
    "one class": {"classes": ["a"]},
    "mixed classes": {"classes": ["a", 1, 2]},
    "repeated classes": {"classes": ["a", "a", "b"]},
    "unsorted classes": {"classes": ["c", "b", "a"]},
    "huge class": {"classes": [1, 2, 10**40]},
    "too few classes": {"classes": ["a", "b"]},
    "no features": {"n_features": 0},
    "other features": {"n_features": 3},
    "no circuit": {"encoder": 5},
    "too many qubits": {"encoder": {"qubits": 10**9}},
    "other ansatz": {"ansatz": circuits.to_gate_list(circuits.tensor_tree(2))},
    "unknown head": {"head": "eval"},
    "unknown optimizer": {"optimizer": "sgd"},
    "unknown dtype": {"dtype": "object"},
    "observables are a number": {"observables": 3},
    "no observables": {"observables": []},
    "observable of other letters": {"observables": ["AB", "ZZ", "ZZ"]},
    "observable too long": {"observables": ["Z" * 17]},
    "observable without terms": {"observables": [[]]},
    "term without coefficient": {"observables": [[["ZZ"]]]},
    "coefficient is text": {"observables": [[["ZZ", "1"]]]},
    "terms of different length": {"observables": [[["ZZ", 1.0], ["Z", 1.0]]]},
    "noise is text": {"noise": "depolarizing"},
    "noise of unknown key": {"noise": {"three_qubit": []}},
    "noise out of range": {"noise": {"readout": [{"one_given_zero": 2, "zero_given_one": 0}]}},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_forged_headers_are_refused(change, stored, tmp_path):
    """A header with a right digest but a wrong entry is an InputError."""
    path = tmp_path / "forged"
    good = header_of(stored)
    write(path, good)
    file.load(path)
    write(path, good | change)
    with pytest.raises(InputError, match="forged"):
        file.load(path)


@pytest.mark.parametrize(
    "text", ["", "5", "[]", "{", '{"kind": NaN}', nested(100_000), '{"kind": ' + "9" * 5000 + "}"]
)
def test_headers_that_are_no_records_are_refused(text, tmp_path):
    """Text that is not a JSON record is an InputError."""
    write(tmp_path / "forged", text)
    with pytest.raises(InputError, match="forged"):
        file.load(tmp_path / "forged")


@pytest.mark.parametrize(
    "arrays",
    [
        {},
        {key: value for key, value in ARRAYS.items() if key != "weights"},
        ARRAYS | {"extra": np.zeros(1)},
        ARRAYS | {"weights": np.zeros(7)},
        ARRAYS | {"weights": np.zeros((6, 1))},
        ARRAYS | {"head_bias": np.full(3, np.nan)},
        ARRAYS | {"weights": np.zeros(6, dtype=np.float32)},
        ARRAYS | {"weights": np.array(0.0)},
    ],
)
def test_arrays_that_do_not_fit_are_refused(arrays, stored, tmp_path):
    """Missing, extra, misshapen, mistyped and non-finite arrays are InputErrors."""
    write(tmp_path / "forged", header_of(stored), arrays)
    with pytest.raises(InputError, match="forged"):
        file.load(tmp_path / "forged")


def test_other_kinds_check_their_arrays(blobs, tmp_path):
    """Support vectors and layers of the wrong size are InputErrors too."""
    path = tmp_path / "forged"
    for model in (QSVM(), ClassicalNetwork(epochs=1)):
        file.save(model.fit(*blobs[:2]), path)
        header = header_of(path.read_bytes())
        arrays = {
            "qsvm": {
                "support_vectors": np.zeros(2),
                "dual_coef": np.zeros((2, 3)),
                "intercept": np.zeros(3),
            },
            "classical": {"theta": np.zeros(4), "center": np.zeros(2)},
        }[header["kind"]]
        write(path, header, arrays)
        with pytest.raises(InputError, match="must have shape"):
            file.load(path)


def test_size_is_checked_before_reading(tmp_path, monkeypatch):
    """A file above the limit, or one whose header claims more than the file, is not parsed."""
    path = tmp_path / "large"
    with path.open("wb") as sparse:
        sparse.truncate(file.MAX_BYTES + 1)
    with pytest.raises(InputError, match="at most"):
        file.load(path)
    path.write_bytes((1 << 40).to_bytes(8, "little") + b"{}")
    with pytest.raises(InputError, match="no safetensors header"):
        file.load(path)


def test_foreign_files_are_refused(tmp_path):
    """A missing file, a folder and a safetensors file of something else are InputErrors."""
    with pytest.raises(InputError, match="cannot read"):
        file.load(tmp_path / "missing")
    with pytest.raises(InputError, match="cannot read"):
        file.load(tmp_path)
    (tmp_path / "other").write_bytes(to_bytes({"a": np.zeros(2)}))
    with pytest.raises(InputError, match="not a model of redqubit"):
        file.load(tmp_path / "other")


def test_only_trained_models_of_known_kinds_are_saved(blobs, tmp_path):
    """Anything else is an InputError, and nothing is left behind."""
    path = tmp_path / "model"
    custom = QuantumCircuit(2)
    custom.h(0)
    for model, message in (
        (QNN(), "only trained models"),
        (SVC().fit(*blobs[:2]), "a SVC cannot be saved"),
    ):
        with pytest.raises(InputError, match=message):
            file.save(model, path)
    with pytest.raises(InputError, match="cannot write"):
        file.save(ClassicalNetwork(epochs=1).fit(*blobs[:2]), tmp_path / "no" / "folder")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_old_file(blobs, tmp_path, monkeypatch):
    """A file is replaced whole or not at all."""
    path = tmp_path / "model"
    model = ClassicalNetwork(epochs=1).fit(*blobs[:2])
    file.save(model, path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file.Path, "replace", full)
    with pytest.raises(InputError, match="No space left on device"):
        file.save(model, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_manifest_says_which_file_is_meant(tmp_path, blobs):
    """A listed file loads; another one, a wrong key or a key alone are refused."""
    pytest.importorskip("cryptography")
    path = tmp_path / "model.safetensors"
    model = QNN(*PARTS, epochs=1).fit(*blobs[:2])
    file.save(model, path)
    manifest.keygen(tmp_path / "private.pem", tmp_path / "public.pem")
    made = manifest.create([path], tmp_path, tmp_path / "private.pem")
    manifest.write(made, tmp_path / "manifest.json")
    known = {"manifest": tmp_path / "manifest.json", "key": tmp_path / "public.pem"}
    assert file.load(path, **known).n_features_in_ == model.n_features_in_
    manifest.keygen(tmp_path / "other", tmp_path / "other.pem")
    with pytest.raises(InputError):
        file.load(path, manifest=known["manifest"], key=tmp_path / "other.pem")
    with pytest.raises(InputError, match="a key needs a manifest"):
        file.load(path, key=known["key"])
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(InputError, match="manifest"):
        file.load(path, **known)
