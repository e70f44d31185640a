"""Archives: entries that lead out, bombs, damage, depth."""

import bz2
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit.scan.supply import archives, data
from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Unread


def _zip(entries, **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def _tar(name, content=b"", link=None):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        if link is not None:
            info.type, info.linkname, info.size = tarfile.SYMTYPE, link, 0
        archive.addfile(info, io.BytesIO(content))
    return file.getvalue()


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "C:/x", "..\\x", "\\\\host\\x", "a/.."]
)
def test_entries_that_lead_out(rules, name):
    """An entry that would be unpacked elsewhere is high, in zip and tar."""
    assert rules(_zip([(name, b"")])) == [("MOD-04", "high")]
    assert rules(_tar(name)) == [("MOD-04", "high")]


@pytest.mark.parametrize("name", ["a/b.txt", "..a/b", "a..b", "./a", "a.", "...", "c"])
def test_entries_that_stay(rules, name):
    """Names with dots that stay inside are silent."""
    assert rules(_zip([(name, b"text")])) == []
    assert rules(_tar(name, b"text")) == []


def test_link_that_leads_out(rules):
    """A link in a tar archive that points outside is high."""
    assert rules(_tar("a", link="../../etc/passwd")) == [("MOD-04", "high")]


def test_zip_bomb(look):
    """An entry that unpacks to over 200 times its size is named and skipped."""
    content = _zip([("a", bytes(2**25))], compression=zipfile.ZIP_DEFLATED)
    [report] = look(content)
    assert "bomb" in report.reason


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, bz2.compress, lzma.compress])
def test_compression_bomb(look, pack):
    """So is a stream, which is not unpacked to its end."""
    reports = look(pack(b"\x80\x04" + bytes(2**25)))
    assert [isinstance(report, Unread) for report in reports] == [True]
    assert "bomb" in reports[0].reason


def test_too_deep(look, command):
    """Archives inside archives end at the limit and say so."""
    content = pickle.dumps(command)
    for _ in range(12):
        content = gzip.compress(content)
    [report] = look(content)
    assert "levels deep" in report.reason


def test_too_many_entries(look, monkeypatch):
    """The number of entries is limited for a whole file."""
    monkeypatch.setattr(data.Budget, "__init__", lambda self: _limited(self))
    [report] = look(_zip([(str(index), b"") for index in range(9)]))
    assert "too many entries" in report.reason


def _limited(budget):
    budget.bytes, budget.entries = 10_000, 5


def test_doubled_entry(look):
    """Two entries of one name, of which readers take different ones, are told."""
    with pytest.warns(UserWarning, match="Duplicate"):
        content = _zip([("a", b"x"), ("a", b"y")])
    assert "two entries" in look(content)[0].reason


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_streams_that_break_off(look, pack, command):
    """A stream that breaks off is named, and its beginning still judged."""
    reports = look(pack(pickle.dumps([command, *range(9_000)]))[:-9])
    assert any(isinstance(report, Unread) for report in reports)


def test_old_tar_without_a_mark(rules, command):
    """The tar form of before 1988, which PyTorch's first files have, is recognized."""
    content = bytearray(_tar("pickle", pickle.dumps(command)))
    content[257:265] = bytes(8)
    total = sum(content[:148]) + sum(content[156:512]) + 8 * 32
    content[148:156] = b"%06o\0 " % total
    assert rules(bytes(content)) == [("MOD-01", "critical")]


def test_encrypted_entry(look):
    """An entry that is encrypted cannot be read and is named."""
    content = bytearray(_zip([("a.pkl", b"\x80\x04N.")]))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "cannot be unpacked" in look(bytes(content))[0].reason


def test_names_on_any_system():
    """What leads out on Windows leads out here."""
    assert archives.outside("c:x")
    assert archives.outside("a\\..\\b")
    assert not archives.outside("a/b")


@given(st.binary(max_size=300), st.sampled_from([b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"x\x9c"]))
def test_any_bytes(content, mark):
    """Any bytes after a mark are judged without an error."""
    list(inspect(Data.of(mark + content), Context("x", inspect)))
    list(inspect(Data.of(content + b"PK\x05\x06" + bytes(18)), Context("x", inspect)))


def test_odd_zip_directories(look):
    """An entry without a name, and an archive said to span disks, are judged without an error."""
    content = _zip([("a", b"x")])
    nameless = content.replace(b"\x01\x00\x00\x00a", b"\x00\x00\x00\x00")
    assert all(isinstance(report, Unread) for report in look(nameless))
    locator = b"PK\x06\x07" + bytes(12) + b"\x09\x00\x00\x00"
    end = b"PK\x05\x06" + bytes(18)
    assert look(b"\x00\x01" + locator + end) == []
