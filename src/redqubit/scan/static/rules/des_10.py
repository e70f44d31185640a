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
from redqubit.scan.static import sources
from redqubit.scan.static.digests import compared
from redqubit.scan.static.downloads import keys
from redqubit.scan.static.fetches import (
    OTHER,
    SUFFIX,
    address,
    checked,
    names_data,
    names_weights,
    text_of,
)
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Hit, Span
from redqubit.scan.static.trust import opened

ID: Final = "DES-10"
NAME: Final = "Unchecked download of weights or data"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (494, 502)
FRAMEWORKS: Final = ("PennyLane", "any")
TRIGGERS: Final = (
    "urlretrieve",
    "requests",
    "urlopen",
    "urllib",
    "urllib3",
    "httpx",
    "aiohttp",
    "session",
    "client",
    "hf_hub",
    "download",
    "hub",
    "load_state_dict_from_url",
    "data",
    "wget",
    "curl",
    "pooch",
    "get_file",
    "http",
)
ADVICE: Final = "Pin the SHA-256 digest of the file, compare it after the download, and use HTTPS."

# Calls that fetch into a file, with the arguments that hold a digest.
_SAVERS: Final = {
    "urllib.request.urlretrieve": (),
    "wget.download": (),
    "gdown.download": (),
    "gdown.cached_download": ("md5", "hash"),
    "torch.hub.download_url_to_file": ("hash_prefix",),
    "torch.hub.load_state_dict_from_url": ("check_hash",),
    "torch.utils.model_zoo.load_url": ("check_hash",),
    "torchvision.datasets.utils.download_url": ("md5",),
    "torchvision.datasets.utils.download_and_extract_archive": ("md5",),
    "keras.utils.get_file": ("file_hash", "md5_hash"),
    "tensorflow.keras.utils.get_file": ("file_hash", "md5_hash"),
    "pooch.retrieve": ("known_hash",),
}
_HUB: Final = ("huggingface_hub.hf_hub_download", "huggingface_hub.snapshot_download")
_CODE: Final = "torch.hub.load"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_LOADERS: Final = (
    "numpy.load", "numpy.loadtxt", "numpy.genfromtxt", "torch.load", "pickle.loads", "pickle.load",
    "joblib.load", "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads",
    "pandas.read_csv", "pandas.read_json", "pandas.read_parquet", "pandas.read_pickle",
    "pandas.read_excel", "pandas.read_hdf", "pandas.read_feather", "pandas.read_table",
    "qiskit..qpy.load", "h5py.File", "safetensors..load", "safetensors..load_file",
    "numpy.frombuffer", "scipy.io.loadmat", "zipfile.ZipFile", "tarfile.open", "onnx.load",
    "pennylane.numpy.load", "msgpack.unpackb", "pyarrow..read_table",
)  # fmt: skip
_OBJECTS: Final = {
    ".download_file": (2, "Filename"),
    ".download_to_filename": (0, "filename"),
    ".fget_object": (2, "file_path"),
}
_MODELS: Final = (
    "numpy.load", "pennylane.numpy.load", "torch.load", "pickle.load", "joblib.load", "dill.load",
    "cloudpickle.load", "pandas.read_pickle", "safetensors..load_file", "qiskit..qpy.load",
    "qiskit_machine_learning..load", "qiskit_machine_learning..from_dill", "tensorflow..load_model",
    "keras..load_model", "onnx.load", "onnxruntime.InferenceSession",
)  # fmt: skip
# What an answer is decoded to is no longer a file.
_ANSWERS: Final = (".json", "json.loads", "json.load")
_TABLES: Final = frozenset({"pandas.read_csv", "pandas.read_table", "pandas.read_json"})
_PARAMETERS: Final = (
    ".assign_parameters",
    ".bind_parameters",
    ".ParamResolver",
    ".load_state_dict",
    ".set_weights",
    ".set_parameters",
    ".set_parameter_values",
)
_DATASETS: Final = ("pennylane.data.load", "pennylane..load_interactive")
_GETTERS: Final = (".get", ".urlopen", ".request", ".stream", ".open")
_SHELL: Final = re.compile(r"(?:^|[!;&|\s'\"])(?:wget|curl)\s[^\n]*?(?:https?|ftp)://")
_RUNS: Final = (
    "os.system", "subprocess.run", "subprocess.call", "subprocess.check_call",
    "subprocess.check_output", "subprocess.Popen",
)  # fmt: skip


def check(module: Module) -> Iterator[Hit]:
    """Yield the downloads whose content nothing checks."""
    if module.in_test:
        return
    found: dict[ast.AST, Hit] = {}
    for hit in [
        *_saved(module),
        *_used(module),
        *_fetched(module),
        *_hubs(module),
        *_stored(module),
    ]:
        assert isinstance(hit.where, ast.AST)
        found.setdefault(hit.where, hit)
    yield from found.values()
    yield from _shell(module)
    for call in module.calls(*_DATASETS):
        if not compared(module, call.node):
            yield Hit(
                call.node,
                "This data set is fetched from a server and nothing pins its content.",
                severity="low",
            )


def _saved(module: Module) -> Iterator[Hit]:
    """Yield the calls that fetch into a file."""
    for call in module.calls(*_SAVERS):
        given = (call.arg(None, keyword) for keyword in _SAVERS[call.name])
        if any(item is not None and module.fold(item) not in (None, False) for item in given):
            continue
        target = call.arg(1, "filename")
        text = f"{text_of(module, address(call))} {text_of(module, target)}"
        if SUFFIX.search(text) or not OTHER.search(text):
            yield from _hit(call)


def _stored(module: Module) -> Iterator[Hit]:
    """Yield the objects of cloud storage that are saved to a file and loaded as a model."""
    for call in module.calls(*_OBJECTS):
        position, keyword = _OBJECTS[f".{call.tail}"]
        path = call.arg(position, keyword)
        saved = keys(module, path) if path is not None else set()
        for use in module.calls(*_MODELS):
            loaded = use.arg(0)
            paths = list(opened(module, loaded)) if loaded is not None else []
            if any(saved & keys(module, item) for item in [*paths, loaded] if item is not None):
                yield from _hit(call)
                break


def _hubs(module: Module) -> Iterator[Hit]:
    for call in module.calls(*_HUB):
        revision = call.literal(None, "revision")
        if not (isinstance(revision, str) and _COMMIT.fullmatch(revision)):
            yield from _hit(call)
    for call in module.calls(_CODE):
        pinned = _COMMIT.search(module.prefix(call.arg(0, "repo_or_dir")))
        if call.literal(None, "source") != "local" and not pinned:
            yield from _hit(call)


def _used(module: Module) -> Iterator[Hit]:
    """Yield the fetches whose content is loaded, written to a file or bound as parameters."""
    for call in module.calls(*_LOADERS):
        path = call.arg(0, "file") or call.arg(0, "filepath_or_buffer")
        if module.prefix(path).startswith(("http://", "https://", "ftp://")):
            yield from _hit(call)
            continue
        yield from _reported(module, call, path or call.arg(None, "fileobj"))
    for call in module.calls(*_PARAMETERS):
        for given in [*call.node.args[:1], *(keyword.value for keyword in call.node.keywords)]:
            yield from _reported(module, call, given, clean=())
    for call in module.calls(".write", ".write_bytes", "shutil.copyfileobj"):
        if _binary(module, call):
            target = call.arg(1) if call.tail == "copyfileobj" else call.receiver
            yield from _reported(module, call, call.arg(0), target)


def _reported(
    module: Module,
    call: Call,
    node: ast.expr | None,
    target: ast.expr | None = None,
    *,
    clean: tuple[str, ...] = _ANSWERS,
) -> Iterator[Hit]:
    """Yield a download where it is fetched, or where it is used if that is another file.

    ``target`` is the file it is written to.
    """
    flow = module.flow(node, origins={"download"}, clean=clean)
    if flow is None or compared(module, call.node, flow) or checked(module, call.node):
        return
    made = flow.module.call(flow.node) if isinstance(flow.node, ast.Call) else None
    if made is not None and made.tail in sources.FETCHING_METHODS:
        return  # a bucket or channel of the program's own, not an address
    if flow.module is module and made is not None:
        if target is None or _is_data(module, made, target):
            yield from _hit(made)
        return
    if target is not None:
        return
    yield Hit(
        call.node,
        f"{flow.text.capitalize()} is used without a check of its digest.",
        flow=flow.hops,
    )


def _is_data(module: Module, call: Call, target: ast.expr) -> bool:
    """Return whether what is written to a file is a model or data, not a page or a picture."""
    paths = list(opened(module, target))
    text = " ".join(text_of(module, item) for item in [*paths, address(call)])
    if OTHER.search(text) and not SUFFIX.search(text):
        return False
    if any(names_data(module, call, item) for item in paths or [target]):
        return True
    written = set().union(*(keys(module, item) for item in paths))
    loaded = (use.arg(0, "file") for use in module.calls(*_LOADERS))
    return any(path is not None and written & keys(module, path) for path in loaded)


def _binary(module: Module, call: Call) -> bool:
    """Return whether bytes are written to a file."""
    if call.tail == "write_bytes":
        return True
    handle = call.arg(1, "fdst") if call.tail == "copyfileobj" else call.receiver
    if not isinstance(handle, ast.Name | ast.Attribute):
        return False
    binding = module.single(handle)
    opener = binding.value if binding is not None else None
    if not isinstance(opener, ast.Call):
        return False
    opened = module.call(opener)
    if opened.tail in {"NamedTemporaryFile", "TemporaryFile"}:
        return True
    modes = [opened.literal(position, "mode") for position in (0, 1)]
    return any(isinstance(mode, str) and "b" in mode and mode[0] in "wxa" for mode in modes)


def _fetched(module: Module) -> Iterator[Hit]:
    """Yield the fetches whose address or place says that they bring weights or data."""
    for call in module.calls(*_GETTERS):
        entry = sources.of_call(module, call)
        if entry is None or entry.origin != "download":
            continue
        ending = SUFFIX.search(module.prefix(address(call)) + " " + _ending(call))
        if (ending and _kept(call)) or (names_weights(module, call) and _decoded(call)):
            yield from _hit(call)


def _hit(call: Call) -> Iterator[Hit]:
    if checked(call.module, call.node):
        return
    line = "an unencrypted line" if _plain(call) else "the network"
    mild = call.name in _TABLES and not _plain(call)
    yield Hit(
        call.node,
        f"{call.tail}() takes a file from {line} and nothing checks its digest.",
        severity="note" if mild and call.module.in_example else "low" if mild else None,
    )


def _ending(call: Call) -> str:
    """Return the text an address ends with."""
    node = address(call)
    value = call.module.fold(node)
    if isinstance(value, str):
        return value
    tail = node.values[-1] if isinstance(node, ast.JoinedStr) and node.values else node
    if isinstance(tail, ast.BinOp):
        tail = tail.right
    if isinstance(tail, ast.Call):
        return text_of(call.module, tail.func)
    ending = call.module.fold(tail) if tail is not None else ""
    return ending if isinstance(ending, str) else ""


def _plain(call: Call) -> bool:
    return call.module.prefix(address(call)).startswith(("http://", "ftp://"))


def _kept(call: Call) -> bool:
    """Return whether the response is written to a file or handed to a loader."""
    return _beside(call, ".write", ".write_bytes", "io.BytesIO", ".copyfileobj", *_LOADERS)


def _decoded(call: Call) -> bool:
    """Return whether the response is decoded."""
    return _beside(call, ".json", "json.loads", "json.load", *_LOADERS)


def _beside(call: Call, *patterns: str) -> bool:
    module = call.module
    function = module.function(call.node)
    return any(module.function(other.node) is function for other in module.calls(*patterns))


def _shell(module: Module) -> Iterator[Hit]:
    """Yield the downloads by wget and curl, in a process or on a shell line of a notebook."""
    for call in module.calls(*_RUNS):
        text = " ".join(
            str(item.value)
            for item in ast.walk(call.node)
            if isinstance(item, ast.Constant) and isinstance(item.value, str)
        )
        if _SHELL.search(f" {text}") and SUFFIX.search(text) and not _summed(text):
            yield from _hit(call)
    for number, line in enumerate(module.lines if module.cells else (), 1):
        fetches = line.lstrip().startswith(("!", "%sx")) and _SHELL.search(line)
        if fetches and SUFFIX.search(line) and not _summed(_cell(module, number)):
            yield Hit(
                Span(number, 1, number, len(line) + 1),
                "This shell line fetches a file and nothing checks its digest.",
            )


def _cell(module: Module, number: int) -> str:
    """Return the text of the notebook cell that a line belongs to."""
    here = module.cells[number - 1][0]
    pairs = zip(module.cells, module.lines, strict=False)
    return "\n".join(line for (cell, _), line in pairs if cell == here)


def _summed(text: str) -> bool:
    return bool(re.search(r"sha\d+sum|shasum|hashlib|md5sum|b2sum|cksum|checksum", text))
