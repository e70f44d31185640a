"""The explorer is written as a site, or served to this machine alone."""

import socket
import subprocess
import sys
import time
import urllib.request

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_site_is_exported(run, tmp_path):
    """The folder holds the matrix; a folder with other files is refused."""
    code, _, err = run("explore", "--export", tmp_path / "site", "--runs", tmp_path)
    assert code == 0
    assert "pages; open" in err
    assert (tmp_path / "site" / "index.html").is_file()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    code, _, err = run("explore", "--export", tmp_path / "mine")
    assert code == 2
    assert (tmp_path / "mine" / "notes.txt").read_text() == "keep"


def test_a_port_in_use_is_named(run):
    """The message says which port and how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = run("explore", "--port", taken.getsockname()[1])
    assert code == 2
    assert "--port" in err


def test_it_serves_on_the_loopback_address_only(tmp_path):
    """The matrix answers on 127.0.0.1, and on no other address of this machine."""
    port = free_port()
    command = [sys.executable, "-m", "redqubit", "explore", "--port", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    assert b"Reconnaissance" in answer.read()
                break
            except OSError:
                assert time.monotonic() < deadline, "the explorer did not start"
                time.sleep(0.1)
        host = socket.gethostbyname(socket.gethostname())
        if not host.startswith("127."):
            with (
                pytest.raises(ConnectionRefusedError),
                socket.create_connection((host, port), timeout=2),
            ):
                pass
    finally:
        process.terminate()
        process.wait(timeout=20)
        assert process.stderr is not None
        process.stderr.close()
