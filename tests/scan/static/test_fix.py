"""Fixes: safe ones only, exact ranges, files that still parse."""

import ast

import pytest

from redqubit.core.errors import InputError
from redqubit.scan.static import engine, fix

CASES = {
    "torch.load(p)": "torch.load(p, weights_only=True)",
    "torch.load(p, weights_only=False)": "torch.load(p, weights_only=True)",
    "torch.load(\n    p,\n    map_location='é',\n)": (
        "torch.load(\n    p,\n    map_location='é', weights_only=True,\n)"
    ),
    "yaml.load(f)": "yaml.safe_load(f)",
    "yaml.load(f, Loader=yaml.Loader)": "yaml.load(f, Loader=yaml.SafeLoader)",
    "yaml.unsafe_load(f)": "yaml.safe_load(f)",
    "np.load('é' + p, allow_pickle=True)": "np.load('é' + p, allow_pickle=False)",
    "requests.get(u, verify=False)": "requests.get(u)",
    "requests.get(u, verify=False, timeout=3)": "requests.get(u, timeout=3)",
    "qasm2.loads(input())": "qasm2.loads(input(), include_path=())",
    "qasm2.loads((input()))": "qasm2.loads((input()))",
    "load_job_result(p, allow_pickle=True)": "load_job_result(p, allow_pickle=True)",
}
HEAD = (
    "import numpy as np\nimport requests\nimport torch\nimport yaml\nfrom qiskit import qasm2\n\n"
)


def planned(tmp_path, text: str) -> list[fix.Change]:
    (tmp_path / "a.py").write_bytes(text.encode())
    result = engine.scan([tmp_path], select=["DES", "SEC"], root=tmp_path)
    return fix.plan(result.findings, tmp_path)


@pytest.mark.parametrize("before", sorted(CASES))
def test_a_safe_fix_changes_the_call_and_nothing_else(before, tmp_path):
    """Arguments are set, replaced or dropped in place; what cannot be cut cleanly stays."""
    text = f"{HEAD}x = {before}  # kept\n"
    changes = planned(tmp_path, text)
    after = changes[0].after if changes else text
    assert after == f"{HEAD}x = {CASES[before]}  # kept\n"
    ast.parse(after)


def test_a_fixed_file_has_fewer_findings(tmp_path):
    """After writing, the findings that were done are gone."""
    text = HEAD + "x = torch.load(p, weights_only=False)\ny = requests.get(u, verify=False)\r\n"
    changes = planned(tmp_path, text)
    (change,) = changes
    assert len(change.done) == 2
    assert "-x = torch.load(p, weights_only=False)" in change.diff
    assert (tmp_path / "a.py").read_bytes() == text.encode()
    fix.write(changes, tmp_path)
    assert (tmp_path / "a.py").read_bytes().endswith(b"requests.get(u)\r\n")
    assert not engine.scan([tmp_path], select=["DES", "SEC"], root=tmp_path).findings


def test_unsafe_fixes_are_not_written(tmp_path):
    """Another scheme may not answer, so it is only proposed."""
    text = HEAD + "requests.post('http://h.example.org/jobs', json=j)\n"
    assert planned(tmp_path, text) == []


def test_overlapping_fixes_do_not_meet(tmp_path):
    """Of two fixes in one place one is applied, the other waits for the next run."""
    text = HEAD + "x = torch.load(torch.load(p, weights_only=False), weights_only=False)\n"
    (change,) = planned(tmp_path, text)
    ast.parse(change.after)
    assert change.after.count("weights_only=True") == 2


def test_a_file_that_is_gone_is_an_error(tmp_path):
    """A fix never writes what it did not read."""
    (tmp_path / "a.py").write_text(HEAD + "x = torch.load(p)\n")
    result = engine.scan([tmp_path], select=["DES"], root=tmp_path)
    (tmp_path / "a.py").unlink()
    with pytest.raises(InputError, match=r"a\.py"):
        fix.plan(result.findings, tmp_path)
