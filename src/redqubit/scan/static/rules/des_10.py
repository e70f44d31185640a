"""Weights or data are downloaded and used unchecked.

## What
A download of a model or data file that no digest is compared with, over plain HTTP or from an
address that may change, and data sets fetched by ``qml.data.load``.

## Why bad
Whoever controls the server, the address or the line decides what the model is trained on or what
weights it runs with; nothing would notice a change.

## Example
``urlretrieve("https://example.org/weights.npz", "weights.npz")``

## Instead
Compare ``hashlib.sha256(data).hexdigest()`` with a digest kept in the repository, and use HTTPS.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit
from redqubit.scan.static.trust import digest_checked

ID: Final = "DES-10"
NAME: Final = "Unchecked download of weights or data"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (494, 502)
FRAMEWORKS: Final = ("PennyLane", "any")
TRIGGERS: Final = (
    "urlretrieve",
    "requests",
    "urlopen",
    "httpx",
    "hf_hub",
    "download",
    "load_state_dict_from_url",
    "data",
    "wget",
)
ADVICE: Final = "Pin the SHA-256 digest of the file, compare it after the download, and use HTTPS."

_SUFFIX: Final = re.compile(
    r"\.(?:npz|npy|pkl|pickle|pt|pth|ckpt|h5|hdf5|onnx|joblib|safetensors|qpy|parquet|csv|mat|zip"
    r"|tar|tgz|gz|bz2)(?:$|[?#])",
    re.IGNORECASE,
)
_SAVERS: Final = (
    "urllib.request.urlretrieve",
    "wget.download",
    "gdown.download",
    "torch.hub.download_url_to_file",
    "torch.hub.load_state_dict_from_url",
)
_GETTERS: Final = (
    "requests.get",
    "requests.Session.get",
    "httpx.get",
    "httpx.Client.get",
    "urllib.request.urlopen",
)
_HUB: Final = ("huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download")
_LOADERS: Final = (
    "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "torch.load", "pickle.loads", "pickle.load",
    "joblib.load", "pandas.read_csv", "qiskit..qpy.load", "h5py.File", "safetensors..load",
    "numpy.frombuffer",
)  # fmt: skip
_DATASETS: Final = ("pennylane.data.load", "pennylane..load_interactive")


def check(module: Module) -> Iterator[Hit]:
    """Yield the downloads whose content nothing checks."""
    if module.in_test:
        return
    for call in module.calls(*_SAVERS):
        if call.literal(None, "check_hash") is True or call.arg(None, "hash_prefix") is not None:
            continue
        if _SUFFIX.search(_url(call)) or _SUFFIX.search(_target(call)) or _plain(call):
            yield from _hit(call)
    for call in module.calls(*_GETTERS):
        if _SUFFIX.search(_url(call)) and (_kept(call) or _plain(call)):
            yield from _hit(call)
    for call in module.calls(*_HUB):
        revision = call.literal(None, "revision")
        if not (isinstance(revision, str) and re.fullmatch(r"[0-9a-f]{40}", revision)):
            yield from _hit(call)
    for call in module.calls(*_LOADERS):
        url = module.prefix(call.arg(0))
        flow = module.flow(call.arg(0), origins={"download"})
        if url.startswith(("http://", "https://", "ftp://")):
            yield from _hit(call)
        elif flow is not None and not digest_checked(module, call.node):
            source = flow.node
            known = isinstance(source, ast.Call) and flow.module is module
            if known and _SUFFIX.search(_url(module.call(source))):  # type: ignore[arg-type]
                continue  # reported where it is fetched
            yield Hit(call.node, f"{flow.text.capitalize()} is used without a check of its digest.",
                      flow=flow.hops)  # fmt: skip
    for call in module.calls(*_DATASETS):
        if not digest_checked(module, call.node):
            yield Hit(
                call.node,
                "This data set is fetched from a server and nothing pins its content.",
                severity="low",
            )


def _hit(call: Call) -> Iterator[Hit]:
    if digest_checked(call.module, call.node):
        return
    line = "an unencrypted line" if _plain(call) else "the network"
    mild = call.name == "pandas.read_csv" and not _plain(call)
    yield Hit(
        call.node,
        f"{call.tail}() takes a file from {line} and nothing checks its digest.",
        severity="note" if mild and call.module.in_example else "low" if mild else None,
    )


def _url(call: Call) -> str:
    value = call.module.fold(call.arg(0, "url"))
    if isinstance(value, str):
        return value
    node = call.arg(0, "url")
    tail = node.values[-1] if isinstance(node, ast.JoinedStr) and node.values else node
    if isinstance(tail, ast.BinOp):
        tail = tail.right
    ending = call.module.fold(tail) if tail is not None else ""
    return ending if isinstance(ending, str) else ""


def _target(call: Call) -> str:
    value = call.literal(1, "filename")
    return value if isinstance(value, str) else ""


def _plain(call: Call) -> bool:
    return call.module.prefix(call.arg(0, "url")).startswith(("http://", "ftp://"))


def _kept(call: Call) -> bool:
    """Return whether the response is written to a file or handed to a loader."""
    module = call.module
    function = module.function(call.node)
    return any(
        module.function(other.node) is function
        for other in module.calls(".write", ".write_bytes", "io.BytesIO", ".copyfileobj", *_LOADERS)
    )
