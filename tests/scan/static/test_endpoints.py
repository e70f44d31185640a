"""Addresses: hosts, the machine itself, its own network, and parts that choose the host."""

import pytest

from redqubit.scan.static import endpoints
from redqubit.scan.static.module import Module


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("http://localhost:8000/x", "local"),
        ("http://127.0.0.1", "local"),
        ("http://[::1]:80/", "local"),
        ("http://a.localhost", "local"),
        ("http://10.1.2.3/x", "inside"),
        ("http://scheduler:80/", "inside"),
        ("http://host.internal/", "inside"),
        ("http://user@jobs.example.org/x", "outside"),
        ("http://8.8.8.8", "outside"),
        ("http://localhost.example.org", "outside"),
    ],
)
def test_hosts_are_told_apart(address, kind):
    """Loopback, private and public addresses."""
    assert endpoints.is_local(address) == (kind == "local")
    if kind != "local":
        assert endpoints.is_inside(address) == (kind == "inside")


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("https://h/", True),
        ("https://h:", True),
        ("https://h", False),
        ("https://", False),
        ("", False),
    ],
)
def test_a_start_fixes_the_host_once_it_is_over(text, fixed):
    """Without a slash or a port the next character may still belong to the host."""
    assert endpoints.fixes_host(text) is fixed


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("f'{base}/jobs/{id}'", ["base"]),
        ("f'https://{region}.h.org/{id}'", ["region"]),
        ("f'https://{a}{b}/{c}'", ["a", "b"]),
        ("'https://h.org/' + x", []),
        ("base + '/' + x", ["base"]),
        ("url", ["url"]),
        ("f'{self.host}/{x}'", ["self.host"]),
    ],
)
def test_only_what_stands_before_the_path_chooses_the_host(text, parts):
    """What follows the first slash after the host is a path."""
    module = Module("a.py", f"sink({text})")
    (call,) = module.calls(".sink")
    assert [module.source(part) for part in endpoints.host_parts(module, call.arg(0))] == parts
