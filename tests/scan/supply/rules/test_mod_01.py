"""Pickles of every kind: real clean models and backdoored ones."""

import base64
import collections
import gzip
import io
import pickle
import tarfile
import zipfile

import dill
import joblib
import numpy as np
import pytest

torch = pytest.importorskip("torch")
ensemble = pytest.importorskip("sklearn.ensemble")

CRITICAL = ("MOD-01", "critical")


@pytest.fixture(scope="module")
def models():
    """Return fitted estimators and other harmless objects."""
    from sklearn.decomposition import PCA
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    rng = np.random.default_rng(0)
    X = rng.normal(size=(20, 3))
    y = (X[:, 0] > 0).astype(int)
    return {
        "forest": ensemble.RandomForestClassifier(3, random_state=0).fit(X, y),
        "boosting": ensemble.GradientBoostingClassifier(n_estimators=2).fit(X, y),
        "pipeline": make_pipeline(StandardScaler(), PCA(2), SVC()).fit(X, y),
        "neighbors": KNeighborsClassifier().fit(X, y),
        "search": GridSearchCV(SVC(), {"C": [1, 2]}).fit(X, y),
        "arrays": {"a": X, "b": X.astype(">f4"), "c": np.array(["a", "b"]), "d": np.ma.array(y)},
        "objects": np.array([1, "a", None], dtype=object),
        "random": [np.random.default_rng(1), np.random.RandomState(1)],
        "plain": collections.OrderedDict(a={1}, b=bytearray(b"x"), c=1j, d=range(3)),
        "tensor": torch.ones(2, 3),
    }


def _torch(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


def _joblib(value, **options):
    file = io.BytesIO()
    joblib.dump(value, file, **options)
    return file.getvalue()


@pytest.mark.parametrize("protocol", range(6))
def test_clean_pickles(models, look, protocol):
    """Pickled estimators, arrays and tensors of every protocol are silent."""
    for name, value in models.items():
        assert look(pickle.dumps(value, protocol)) == [], name


@pytest.mark.parametrize(
    "compress", [0, ("zlib", 1), ("gzip", 1), ("bz2", 1), ("xz", 1), ("lzma", 1)]
)
def test_clean_joblib(models, look, compress):
    """Joblib files with arrays between the opcodes are followed, however compressed."""
    for name, value in models.items():
        assert look(_joblib({"model": value, "x": np.arange(9.0)}, compress=compress)) == [], name


@pytest.mark.parametrize("extended", [False, True])
def test_clean_joblib_beside_qiskit(models, look, extended):
    """Joblib files are silent whether or not dill, which qiskit imports, helped to write them."""
    dill.extend(extended)
    try:
        found = [name for name, value in models.items() if look(_joblib({"model": value}))]
    finally:
        dill.extend(True)
    assert found == []


@pytest.mark.parametrize(
    "program",
    [
        b"cdill._dill\n_eval_repr\n(V__import__('os').getpid()\ntR.",
        b"cdill._dill\n_eval_repr\n(Vrange(0, 3) or 1\ntR.",
        b"(lp0\ncdill._dill\n_eval_repr\na.",
        b"(cdill._dill\n_eval_repr\nl.",
        b"cdill._dill\n_eval_repr\n.",
        b"cdill._dill\n_load_type\n(VCodeType\ntR(I0\ntR.",
    ],
)
def test_dill_helpers(rules, program):
    """Dill's helpers with anything but a plain constant, or kept for later, are found."""
    assert [name for name, _ in rules(program)] == ["MOD-01"]


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")  # still written and read
def test_clean_torch(look):
    """State dictionaries, whole modules, optimizers and scripts of PyTorch are silent."""
    module = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU())
    optimizer = torch.optim.Adam(module.parameters())
    script = io.BytesIO()
    torch.jit.save(torch.jit.trace(module, torch.ones(1, 2)), script)
    for value in (module, module.state_dict(), {"o": optimizer.state_dict(), "t": torch.float32}):
        assert look(_torch(value)) == []
        assert look(_torch(value, _use_new_zipfile_serialization=False)) == []
    assert look(script.getvalue()) == []


def test_clean_numpy(look):
    """Arrays without objects are silent."""
    file = io.BytesIO()
    np.savez_compressed(file, a=np.eye(3), b=np.array(["x"]), c=np.zeros(2, "i4,f8"))
    assert look(file.getvalue()) == []


def test_clean_pennylane(look):
    """PennyLane's arrays and operators are silent."""
    qml = pytest.importorskip("pennylane")
    values = [qml.numpy.array([1.0], requires_grad=True), qml.RX(0.1, 0), qml.Z(0) @ qml.X(1)]
    assert [look(pickle.dumps(value)) for value in values] == [[]] * 3


@pytest.mark.parametrize("protocol", range(6))
def test_backdoor(rules, command, protocol):
    """A call beside the weights is critical."""
    assert rules(pickle.dumps({"w": np.eye(2), "x": command}, protocol)) == [CRITICAL]


@pytest.mark.parametrize(
    "pack",
    [
        _torch,
        lambda value: _torch(value, _use_new_zipfile_serialization=False),
        _joblib,
        lambda value: _joblib(value, compress=3),
        lambda value: _joblib({"a": np.arange(50.0), "z": value}),
        lambda value: gzip.compress(pickle.dumps(value)),
        lambda value: pickle.dumps(pickle.dumps(value)),
        lambda value: pickle.dumps(base64.b64encode(pickle.dumps(value)).decode()),
        lambda value: pickle.dumps(1) + pickle.dumps(value),
        lambda value: base64.b64encode(pickle.dumps(value)),
    ],
)
def test_backdoor_packed(rules, command, pack):
    """It is found in PyTorch and joblib files, compressed, nested, second in a row, as base64."""
    assert CRITICAL in rules(pack({"x": command}))


def test_second_stream_of_gzip(rules, command):
    """A pickle that continues in a second gzip member is found."""
    content = pickle.dumps({"pad": "x" * 99, "x": command})
    assert rules(gzip.compress(content[:50]) + gzip.compress(content[50:])) == [CRITICAL]


def test_backdoor_in_tar_and_zip(rules, command):
    """It is found in archives inside archives."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("weights", pickle.dumps(command))
    outer = io.BytesIO()
    with tarfile.open(fileobj=outer, mode="w:gz") as archive:
        info = tarfile.TarInfo("deep/model.bin")
        info.size = len(inner.getvalue())
        archive.addfile(info, io.BytesIO(inner.getvalue()))
    assert rules(outer.getvalue()) == [CRITICAL]


def test_zip_behind_a_pickle(rules, command):
    """A zip archive appended to another file is looked into too."""
    assert rules(pickle.dumps([1, 2]) + _torch({"x": command})) == [CRITICAL]


def test_objects_in_numpy(rules, command):
    """An array of objects is medium, and what it would run critical."""
    file = io.BytesIO()
    np.save(file, np.array([command], dtype=object), allow_pickle=True)
    assert rules(file.getvalue()) == [("MOD-01", "medium"), CRITICAL]


def test_hidden_in_a_joblib_array(rules):
    """Code in the place of an array's numbers, which only plain pickle would run, is found."""
    content = bytearray(_joblib(np.zeros(40, "u1")))
    code = b"cos\nsystem\n(S'true'\ntR."
    start = content.index(bytes(40))
    content[start - 12 : start - 12] = b""
    content[start : start + len(code)] = code
    padding = content.rindex(b"b", 0, start)
    content[padding + 1 : start] = b""
    assert CRITICAL in rules(bytes(content))


def test_unknown_class_is_high_unless_allowed(look):
    """A class of a package nobody knows is high, and silent when the user allows it."""
    content = b"\x80\x04\x8c\x04mine\x8c\x03Net\x93)\x81."
    [hit] = look(content)
    assert (hit.rule, hit.severity) == ("MOD-01", "high")
    assert "mine.Net" in hit.message
    assert look(content, allow=frozenset({"mine"})) == []


def test_truncated(look):
    """A pickle that breaks off is unread, with what it called before."""
    [report] = look(pickle.dumps(list(range(500)))[:-5], "model.pkl")
    assert "cannot be followed" in report.reason


@pytest.mark.parametrize(
    "text",
    [
        "class Model:\n    pass\n",
        "import os\nos.system('x')\n",
        "(a, b)\n",
        "cat\ndog\n(bird)\n",
        "Node\n",
        "I am text.\n",
        "]]>",
        "x,y\n1,2\n",
        "ION\n",
        "{% if x %}",
    ],
)
def test_text_is_no_pickle(look, text):
    """Source code and prose are not taken for pickles of protocol 0."""
    assert look(text.encode()) == []


def test_protocol_0_is_found_without_a_suffix(rules):
    """A pickle of protocol 0 is found in a file with any name."""
    assert rules(b"cposix\nsystem\n(S'true'\ntR.", "notes.txt") == [CRITICAL]
