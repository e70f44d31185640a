"""Advisories: those shipped, ranges, updates."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from redqubit.core.errors import InputError
from redqubit.scan.supply.advisories import Advisories, Range, parse, shipped, update, worst


def _record(name="pkg", events=(("introduced", "0"), ("fixed", "2.0")), **more):
    ranges = [{"type": "ECOSYSTEM", "events": [{key: value} for key, value in events]}]
    return {
        "id": "CVE-2026-1",
        "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges}],
        **more,
    }


def test_shipped():
    """The four vulnerabilities of the quantum stack and those of its neighbors are there."""
    known = shipped()
    assert {
        "CVE-2024-29032",
        "CVE-2025-1403",
        "CVE-2025-2000",
        "CVE-2026-9291",
        "CVE-2025-32434",
    } <= {item.name for item in known.items}
    packages = {affected.package for item in known.items for affected in item.affected}
    assert {"torch", "numpy", "keras", "onnx", "picklescan", "joblib", "scikit-learn"} <= packages
    for item in known.items:
        assert item.summary
        assert item.url.startswith("https://")
        assert item.cwe


@pytest.mark.parametrize(
    ("version", "affected"),
    [("0.27.0", False), ("0.28.0", True), ("1.4.1", True), ("1.4.2", False)],
)
def test_a_qiskit_without_a_reader_of_qpy_is_not_affected(version, affected):
    """Qiskit 0.28.0 is the first that installs qiskit-terra 0.18.0, where QPY begins."""
    found = {alias for item, _ in shipped().of_version("qiskit", version) for alias in item.aliases}
    assert ("CVE-2025-2000" in found) is affected


@pytest.mark.parametrize(
    ("version", "affected"),
    [("0.9", True), ("1.9.9", True), ("2.0rc1", True), ("2.0", False), ("2.0.post1", False)],
)
def test_bounds(version, affected):
    """The fixed version is the first that is not affected; its candidates are."""
    known = Advisories([parse(_record(), "here")])
    assert bool(known.of_version("PKG", version)) is affected


def test_last_affected():
    """A last affected version is affected itself, and there is no fix."""
    item = parse(_record(events=(("introduced", "1.0"), ("last_affected", "1.5"))), "here")
    known = Advisories([item])
    assert known.of_version("pkg", "1.5")
    assert not known.of_version("pkg", "1.5.1")
    assert not known.of_version("pkg", "0.9")
    assert item.affected[0].fixed is None


def test_listed_versions():
    """Versions named one by one are affected, and no others."""
    record = _record()
    record["affected"][0] = {"package": {"ecosystem": "PyPI", "name": "p"}, "versions": ["1.0"]}
    known = Advisories([parse(record, "here")])
    assert known.of_version("p", "1.0")
    assert not known.of_version("p", "1.1")


@given(st.lists(st.integers(0, 30), min_size=2, max_size=2, unique=True), st.integers(0, 31))
def test_ranges_agree_with_specifiers(ends, probe):
    """A range contains what the specifier of its bounds contains."""
    low, high = sorted(ends)
    version = Version(f"1.{probe}")
    specifier = SpecifierSet(f">=1.{low},<1.{high}")
    assert (version in Range(Version(f"1.{low}"), Version(f"1.{high}"))) == (version in specifier)


@pytest.mark.parametrize(
    ("specifier", "some", "every"),
    [
        (">=1.0", True, False),
        ("<2.0", True, True),
        (">=1.0,<1.9", True, True),
        ("==1.*", True, True),
        (">=2.0", False, False),
        (">1.9,<2", True, True),
        ("~=1.4", True, True),
        ("!=1.0", True, False),
    ],
)
def test_ranges(specifier, some, every):
    """A range is judged by what it allows."""
    found, all_ = Advisories([parse(_record(), "here")]).of_range("pkg", SpecifierSet(specifier))
    assert (bool(found), all_) == (some, every)


@pytest.mark.parametrize(
    "record",
    [
        [],
        {},
        {"id": "../../x"},
        {"id": "CVE-1-1 "},
        _record(events=(("introduced", "0"), ("fixed", "not a version"))),
    ],
)
def test_bad_records(record):
    """What is no record is refused with its place."""
    with pytest.raises(InputError, match="here"):
        parse(record, "here")


def test_irrelevant_records():
    """Withdrawn records and those of other ecosystems are left out."""
    assert parse(_record(withdrawn="2026-01-01T00:00:00Z"), "here") is None
    record = _record()
    record["affected"][0]["package"]["ecosystem"] = "npm"
    assert parse(record, "here") is None


def test_update(tmp_path, monkeypatch):
    """Newer records are added for the user and used from then on; older ones change nothing."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    source = tmp_path / "osv"
    (source / "deep").mkdir(parents=True)
    newer = _record("qiskit", id="GHSA-6m2c-76ff-6vrf", modified="2099-01-01T00:00:00Z")
    older = _record("torch", id="GHSA-53q9-r3pm-6pq6", modified="2000-01-01T00:00:00Z")
    (source / "a.json").write_text(json.dumps(_record()))
    (source / "deep" / "b.json").write_text(json.dumps({"vulns": [newer, older, {"id": "?"}]}))
    made = update(source)
    assert made.added == ("CVE-2026-1",)
    assert made.replaced == ("GHSA-6m2c-76ff-6vrf",)
    assert len(made.refused) == 1
    assert shipped().of_version("pkg", "1.0")
    assert not shipped().of_version("qiskit-terra", "0.45.0")[1:]
    assert update(source).added == ()


def test_update_from_nothing(tmp_path):
    """A folder without records, or no folder, is the user's error."""
    with pytest.raises(InputError, match="holds no"):
        update(tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match="cannot read"):
        update(tmp_path / "gone.json", tmp_path / "out")


def test_worst():
    """The worst severity counts."""
    items = shipped().items
    assert worst(items) == "critical"
    assert worst([]) == "note"
