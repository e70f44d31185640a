"""Circuits admitted and refused from the command line."""

import json

import pytest

SMALL = 'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[3];\nh q;\ncx q[0], q[1];\n'
BOMB = "OPENQASM 2.0;\nqreg q[1000000000];\n"


@pytest.fixture
def circuits(tmp_path, monkeypatch):
    """Return a folder with a small circuit and a bomb."""
    (tmp_path / "small.qasm").write_text(SMALL)
    (tmp_path / "bomb.qasm").write_text(BOMB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_small_circuit_is_admitted(run, circuits):
    """The estimate tells qubits and operations; nothing is refused."""
    code, out, _ = run("admit", "small.qasm")
    [item] = json.loads(out)
    assert code == 0
    assert item["refused"] == ""
    assert (item["estimate"]["qubits"], item["estimate"]["gates"]) == (3, 4)


def test_a_bomb_is_refused_by_name(run, circuits):
    """One refused circuit makes the exit code 1, and its rule is told."""
    code, out, _ = run("admit", "small.qasm", "bomb.qasm", "--format", "table")
    assert code == 1
    assert "admitted" in out
    assert "refused by 'qubits'" in out


@pytest.mark.parametrize(
    ("option", "rule"), [("--qubits=2", "qubits"), ("--gates=3", "gates"), ("--bytes=20", "bytes")]
)
def test_limits_can_be_lower(run, circuits, option, rule):
    """A service's own limits are held."""
    code, out, _ = run("admit", "small.qasm", option)
    assert code == 1
    assert f"'{rule}'" in json.loads(out)[0]["refused"]


def test_a_missing_file_is_a_usage_error(run, circuits):
    """A path that is not there exits with 2."""
    code, _, err = run("admit", "nothing.qasm")
    assert code == 2
    assert "nothing.qasm" in err
