"""One small service with four planted defects: exactly these are reported, each with what to do."""

import collections
import json
import os
import pickle
import random

import pytest

SERVICE = '''"""Run a rotation that a client asks for."""

from flask import Flask, jsonify, request
from qiskit import qasm2
from qiskit.primitives import StatevectorSampler

app = Flask(__name__)
PROGRAM = 'OPENQASM 2.0;\\ninclude "qelib1.inc";\\nqreg q[1];\\ncreg c[1];\\n'


@app.post("/rotate")
def rotate():
    angle = request.get_json()["angle"]
    program = PROGRAM + f"rx({angle}) q[0];\\nmeasure q[0] -> c[0];\\n"
    circuit = qasm2.loads(program, include_path=())
    counts = StatevectorSampler().run([circuit], shots=1024).result()[0].data.c.get_counts()
    return jsonify(counts)
'''
MENDED = SERVICE.replace('["angle"]', '["angle"]\n    angle = float(angle)')
REQUIREMENTS = "flask==3.1.2\nnumpy==2.4.6\n{}\nqiskit-ibm-runtime==0.46.0\n"


class Hook:
    """Pickles to a call of os.system; never loaded here."""

    def __reduce__(self):
        return os.system, ("true",)


@pytest.fixture
def service(tmp_path, monkeypatch):
    """Return a folder with a backdoored model, a leaked token, an old Qiskit and an injection."""
    token = random.Random(3).randbytes(64).hex()
    weights = collections.OrderedDict(weights=[0.1, 0.2], hook=Hook())
    files = {
        "requirements.txt": REQUIREMENTS.format("qiskit>=1.0,<1.5").encode(),
        "app/__init__.py": b'"""A small service that runs circuits."""\n',
        "app/settings.py": f'CHANNEL = "ibm_quantum_platform"\nIBM_TOKEN = "{token}"\n'.encode(),
        "app/service.py": SERVICE.encode(),
        "models/classifier.pkl": pickle.dumps(weights),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_exactly_the_four_defects_are_found(run, service):
    """Model, token, package and injection are told, nothing else is, and each says what to do."""
    code, text, _ = run("scan", ".", "--format", "json", "--fail-on", "medium")
    found = json.loads(text)["findings"]
    assert code == 1
    places = {(item["rule"], item["place"]["file"], item["place"]["line"]) for item in found}
    assert len(found) == 4
    assert places == {
        ("DES-12", "app/service.py", 14),
        ("SEC-01", "app/settings.py", 2),
        ("MOD-01", "models/classifier.pkl", 1),
        ("DEP-01", "requirements.txt", 3),
    }
    assert all(len(item["advice"]) > 20 for item in found)
    (replacement,) = [item["fix"]["replacement"] for item in found if item["fix"]]
    assert replacement == "qiskit>=1.4.2,<1.5"


def test_the_mended_service_is_clean(run, service):
    """With each advice followed nothing is left."""
    (service / "app" / "service.py").write_text(MENDED)
    (service / "app" / "settings.py").write_text('import os\n\nTOKEN = os.environ["IBM_TOKEN"]\n')
    (service / "models" / "classifier.pkl").unlink()
    (service / "requirements.txt").write_text(REQUIREMENTS.format("qiskit==1.4.2"))
    code, text, _ = run("scan", ".", "--format", "json", "--fail-on", "low")
    assert [item for item in json.loads(text)["findings"] if item["severity"] != "note"] == []
    assert code == 0
