"""Where outside data enters a program, and what takes the danger out of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.scope import FunctionNode, dotted, parameters

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

# request: a web request or message; download: fetched by the program; job: a remote job's result;
# payload: handed to a decoder's hook; argv, input, env: the user of the process; file: a file whose
# path is not constant; local: a file with a constant path; parameter: an argument of a function
# nobody in the scanned files calls.
Origin = Literal[
    "request", "download", "job", "payload", "argv", "input", "env", "file", "local", "parameter"
]
OUTSIDE: Final[frozenset[Origin]] = frozenset(
    {"request", "download", "job", "payload", "argv", "input", "env", "file"}
)
REMOTE: Final[frozenset[Origin]] = frozenset({"request", "download", "job", "payload"})

_HTTP: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "stream"})
_CLIENTS: Final = (
    "requests",
    "requests.Session",
    "requests.session",
    "httpx",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "urllib3.PoolManager",
)
_FETCHERS: Final = frozenset(f"{client}.{verb}" for client in _CLIENTS for verb in _HTTP) | {
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib2.urlopen",
    "wget.download",
    "gdown.download",
    "huggingface_hub.hf_hub_download",
    "huggingface_hub.snapshot_download",
    "torch.hub.download_url_to_file",
    "torch.hub.load_state_dict_from_url",
}
_FETCHING_METHODS: Final = frozenset(
    {"recv", "recv_json", "recv_string", "get_object", "recv_pyobj"}
)
_CHANNELS: Final = ("boto3", "socket", "zmq", "websocket", "multiprocessing.connection")
_RECEIVERS: Final = frozenset({"receive_json", "receive_text", "receive_bytes", "receive_str"})
_SOCKETS: Final = ("fastapi", "starlette", "aiohttp", "quart", "litestar", "websockets")
_CONSUMERS: Final = frozenset({"kafka.KafkaConsumer", "confluent_kafka.Consumer.poll"})
_WIDGETS: Final = frozenset(
    {"file_uploader", "text_input", "text_area", "query_params", "chat_input"}
)
_RUNNERS: Final = ("typer.run", "fire.Fire", "plac.call", "defopt.run")
_STDIN: Final = ("sys.stdin",)
_REQUEST_ROOTS: Final = ("flask.request", "bottle.request", "quart.request", "sanic.request")
_REQUEST_ATTRIBUTES: Final = frozenset(
    [
        "args",
        "form",
        "json",
        "data",
        "files",
        "values",
        "headers",
        "cookies",
        "GET",
        "POST",
        "FILES",
        "body",
        "query_params",
        "path_params",
        "query_string",
        "match_info",
        "COOKIES",
        "META",
        "get_json",
        "get_data",
        "content",
        "stream",
    ]
)
_PARSED: Final = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args"})
_FILES: Final = frozenset(
    [
        "open",
        "io.open",
        "gzip.open",
        "bz2.open",
        "lzma.open",
        "codecs.open",
        "zipfile.ZipFile",
        "tarfile.open",
        "numpy.load",
        "numpy.loadtxt",
        "numpy.genfromtxt",
        "numpy.fromfile",
        "pandas.read_csv",
        "pandas.read_json",
        "pandas.read_parquet",
        "pandas.read_hdf",
        "pandas.read_excel",
        "h5py.File",
        "scipy.io.loadmat",
        "numpy.lib.format.open_memmap",
        "aiofiles.open",
        "numpy.memmap",
        "torch.load",
        "joblib.load",
        "safetensors.torch.load_file",
        "safetensors.numpy.load_file",
        "pandas.read_pickle",
        "pandas.read_feather",
        "pandas.read_table",
        "polars.read_csv",
        "polars.read_parquet",
        "braket.jobs.load_job_checkpoint",
        "braket.jobs.load_job_result",
        "pennylane.numpy.load",
        "pennylane.numpy.loadtxt",
        "pennylane.numpy.genfromtxt",
        "jax.numpy.load",
    ]
)
STREAM_READERS: Final = frozenset({"read", "readline", "readlines", "getvalue"})
_PATH_READERS: Final = frozenset({"read_text", "read_bytes"})
_ROUTES: Final = frozenset(
    [
        "route",
        "get",
        "post",
        "put",
        "delete",
        "patch",
        "head",
        "options",
        "websocket",
        "api_route",
        "websocket_route",
        "message",
        "connect",
        "expose",
    ]
)
_HANDLERS: Final = frozenset({"lambda_handler", "on_message", "on_request"})
_REGISTERS: Final = (
    ".basic_consume", ".add_get", ".add_post", ".add_put", ".add_patch", ".add_delete",
    ".add_route", ".add_url_rule", ".add_api_route", ".message_callback_add",
)  # fmt: skip
_FORMS: Final = (".click", ".Interface", ".change", ".submit", ".ChatInterface", ".upload")
_COMMANDS: Final = frozenset({"command", "callback"})
_FRAMEWORK: Final = re.compile(
    r"Request|Response|Session|Depends|BackgroundTasks|WebSocket|Security|State|Context|Service"
)
_SCHEMAS: Final = re.compile(r"(?:Model|Schema|Struct|TypedDict)$")
_NUMERIC: Final = frozenset({"int", "float", "bool", "complex", "UUID", "date", "datetime"})
_SECRETS: Final = re.compile(
    r"TOKEN|KEY|SECRET|PASSW|CREDENTIAL|INSTANCE|CRN|CHANNEL|HOME|PATH$|USER$|DEBUG|LOG",
    re.IGNORECASE,
)
_REMOTE_JOBS: Final = ("qiskit_ibm_runtime", "qiskit_ibm_provider", "braket.aws", "cirq_google")
_PACKAGE_DATA: Final = re.compile(r"^(importlib\.resources|pkgutil\.get_data|pkg_resources)")

FIXTURES: Final = frozenset({"tmp_path", "tmpdir", "tmp_path_factory", "capsys", "monkeypatch"})
# Calls whose result says nothing an attacker chooses.
CLEAN_CALLS: Final = frozenset(
    [
        "len",
        "isinstance",
        "issubclass",
        "callable",
        "hasattr",
        "id",
        "type",
        "hash",
        "bool",
        "range",
        "dir",
        "os.path.exists",
        "os.path.isfile",
        "os.path.isdir",
        "os.path.getsize",
        "os.path.getmtime",
        "time.time",
        "time.perf_counter",
        "hmac.compare_digest",
        "secrets.compare_digest",
        "uuid.uuid4",
    ]
)
CLEAN_ROOTS: Final = ("hashlib.", "logging.", "secrets.", "warnings.")
CLEAN_ATTRIBUTES: Final = frozenset(
    [
        "shape",
        "ndim",
        "dtype",
        "size",
        "status_code",
        "num_qubits",
        "num_clbits",
        "exists",
        "is_file",
        "is_dir",
    ]
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An expression that outside data comes from; numeric if its type bars text."""

    origin: Origin
    text: str
    node: ast.AST
    numeric: bool = False


def of_call(module: Module, call: Call) -> Entry | None:
    """Return what a call brings in from outside."""
    name, tail, node = call.name, call.tail, call.node
    if name == "input" or (name.startswith(_STDIN) and tail.startswith("read")):
        return Entry("input", "standard input", node)
    if tail in _PARSED and (name.startswith("argparse.") or not name):
        return Entry("argv", "command-line arguments", node)
    if name.startswith("streamlit.") and tail in _WIDGETS:
        return Entry("request", f"the web form's {tail}()", node)
    if name in _CONSUMERS:
        return Entry("request", "a message queue", node)
    fetches = tail in _FETCHING_METHODS and (not name or name.startswith(_CHANNELS))
    if name in _FETCHERS or fetches:
        return Entry("download", f"a download by {name or tail}()", node)
    if tail in _RECEIVERS and (not name or name.startswith(_SOCKETS)):
        return Entry("request", f"the web socket's {tail}()", node)
    if name in {"os.getenv", "os.environ.get"}:
        return _environment(module, call.arg(0), node)
    if tail == "result" and (name.startswith(_REMOTE_JOBS) or (not name and _is_job(call))):
        return Entry("job", "the result of a remote job", node)
    if name in _FILES or (tail == "open" and name.startswith("pathlib.")):
        path = call.arg(0, "file") if name in _FILES else call.receiver
        mode = call.literal(1 if name in _FILES else 0, "mode")
        if isinstance(mode, str) and mode[:1] in "wax" and name.endswith("open"):
            return None
        return of_path(module, path, node)
    if tail in _PATH_READERS and (name.startswith("pathlib.") or not name):
        return of_path(module, call.receiver, node)
    if tail in STREAM_READERS and not name and _is_parameter(module, call.receiver):
        return Entry("file", f"the stream {module.source(call.node.func)}()", node)
    if tail == "get_argument" or tail == "get_json":
        return Entry("request", "a web request", node) if not name or tail == "get_json" else None
    return None


def of_path(module: Module, path: ast.expr | None, node: ast.AST) -> Entry | None:
    """Return what reading a path brings in; package data is trusted."""
    if path is None:
        return None
    value = module.fold(path)
    from redqubit.scan.static.downloads import is_download

    if is_download(module, path):
        return Entry("download", f"the download {module.source(path)}", node)
    if value is not UNKNOWN:
        return Entry("local", f"the file {value!r}", node) if isinstance(value, str) else None
    if in_package(module, path):
        return None
    return Entry("file", f"the file {module.source(path)}", node)


def in_package(module: Module, path: ast.expr, depth: int = 8) -> bool:
    """Return whether a path is built from ``__file__`` or the package's resources."""
    for node in ast.walk(path):
        if isinstance(node, ast.Name) and node.id == "__file__":
            return True
        if isinstance(node, ast.Call) and _PACKAGE_DATA.match(module.name_of(node.func)):
            return True
        if isinstance(node, ast.Name | ast.Attribute) and depth > 0:
            binding = module.single(node)
            if (
                binding is not None
                and binding.kind in {"assign", "with"}
                and binding.value is not None
                and binding.value is not path
                and in_package(module, binding.value, depth - 1)
            ):
                return True
    return False


def of_attribute(module: Module, node: ast.Attribute) -> Entry | None:
    """Return what reading an attribute brings in: ``sys.argv``, ``request.args``."""
    name = module.name_of(node)
    if name == "sys.stdin":
        return Entry("input", "standard input", node)
    if name == "sys.argv":
        return Entry("argv", "command-line arguments", node)
    if name.startswith(_REQUEST_ROOTS) and node.attr in _REQUEST_ATTRIBUTES:
        return Entry("request", "a web request", node)
    if node.attr in _REQUEST_ATTRIBUTES and dotted(node.value) in {"request", "self.request"}:
        return Entry("request", "a web request", node)
    return None


def of_subscript(module: Module, node: ast.Subscript) -> Entry | None:
    """Return what reading an entry brings in: ``os.environ["X"]``."""
    if module.name_of(node.value) == "os.environ":
        return _environment(module, node.slice, node)
    return None


def of_parameter(module: Module, function: FunctionNode, argument: ast.arg) -> Entry | None:
    """Return what a parameter of a web handler, a command or a decoder's hook brings in."""
    if argument.arg in {"self", "cls"}:
        return None
    kind = handler(module, function)
    numeric = is_numeric(argument.annotation)
    if kind is not None:
        annotation = ast.unparse(argument.annotation) if argument.annotation is not None else ""
        default = _default(function, argument)
        given = _FRAMEWORK.search(annotation) and not _is_schema(module, argument.annotation)
        if given or argument.arg in {"request", "ctx", "context"}:
            return None
        if default is not None and _FRAMEWORK.search(ast.unparse(default)):
            return None
        origin: Origin = "argv" if kind == "command" else "request"
        where = "the command line" if kind == "command" else "a web request"
        return Entry(origin, f"{argument.arg!r} of {where}", argument, numeric)
    if _is_hook(module, function):
        return Entry("payload", f"the decoded payload {argument.arg!r}", argument)
    return None


def provider(module: Module, function: FunctionNode, argument: ast.arg) -> str:
    """Return the name of the function that a framework calls for a parameter's value."""
    default = _default(function, argument)
    for part in (default, argument.annotation):
        for node in ast.walk(part) if part is not None else ():
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "Depends":
                return module.name_of(node.args[0]) if node.args else ""
    return ""


def _is_schema(module: Module, annotation: ast.expr | None) -> bool:
    """Return whether an annotation is a class of the project for the fields of a request."""
    name = module.name_of(annotation)
    found = module.project.definition(name, module) if name else None
    if found is None or not isinstance(found[1], ast.ClassDef):
        return False
    return any(_SCHEMAS.search(dotted(base)) for base in found[1].bases)


def handler(module: Module, function: FunctionNode) -> str | None:
    """Return ``route`` or ``command`` for a function that a framework calls, else None."""
    if function.name in _HANDLERS or function.name in _registered(module):
        return "route"
    if function.name == "handle" and _is_command(module, function):
        return "command"
    if any(dotted(call.arg(0) or call.node) == function.name for call in module.calls(*_RUNNERS)):
        return "command"
    for item in function.decorator_list:
        call = item if isinstance(item, ast.Call) else None
        target = call.func if call is not None else item
        if not isinstance(target, ast.Attribute):
            continue
        name = module.name_of(target)
        if target.attr in _COMMANDS and not name.startswith(("pytest", "discord")):
            return "command"
        web = name.startswith(
            ("flask", "fastapi", "starlette", "sanic", "quart", "bottle", "litestar")
        )
        path = module.fold(call.args[0]) if call is not None and call.args else None
        if target.attr in _ROUTES and (web or (isinstance(path, str) and path.startswith("/"))):
            return "route"
    return None


def _registered(module: Module) -> set[str]:
    """Return the names of functions that a server or client of messages is told to call."""
    known: set[str] | None = module.memo.get("registered")
    if known is None:
        given = [
            node.value
            for node in module.layout.assignments
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Attribute)
            and node.targets[0].attr in _HANDLERS
        ]
        for call in module.calls(*_REGISTERS):
            given += [*call.node.args, *(item.value for item in call.node.keywords)]
        if any(name.startswith("gradio") for name in _imported(module)):
            for call in module.calls(*_FORMS):
                given += [call.arg(0, "fn") or call.node]
        names = {dotted(item).rpartition(".")[2] for item in given if not _plain(item)}
        known = module.memo["registered"] = names - {""}
    return known


def _plain(node: ast.expr) -> bool:
    return not isinstance(node, ast.Name | ast.Attribute)


def _imported(module: Module) -> Iterator[str]:
    for node in module.layout.imports:
        yield from (item.name for item in node.names)
        yield getattr(node, "module", None) or ""


def _is_command(module: Module, function: FunctionNode) -> bool:
    """Return whether a method is what Django calls for ``manage.py``."""
    owner = module.class_of(function)
    return owner is not None and any(dotted(base).endswith("BaseCommand") for base in owner.bases)


def is_numeric(annotation: ast.expr | None) -> bool:
    """Return whether a web framework turns a parameter of this annotation into a number."""
    if annotation is None:
        return False
    names = {dotted(node).rpartition(".")[2] for node in ast.walk(annotation)
             if isinstance(node, ast.Name | ast.Attribute)}  # fmt: skip
    return bool(names & _NUMERIC) and not names & {"str", "bytes", "Any", "dict", "list"}


def _environment(module: Module, key: ast.expr | None, node: ast.AST) -> Entry | None:
    name = module.fold(key)
    if isinstance(name, str) and _SECRETS.search(name):
        return None
    return Entry("env", f"the environment variable {name}" if isinstance(name, str)
                 else "the environment", node)  # fmt: skip


def _is_parameter(module: Module, receiver: ast.expr | None) -> bool:
    """Return whether a method is called on what the function's caller handed in."""
    if not isinstance(receiver, ast.Name):
        return False
    binding = module.single(receiver)
    return binding is not None and binding.kind == "param"


def _is_job(call: Call) -> bool:
    receiver = call.receiver
    text = dotted(receiver) if receiver is not None else ""
    return re.search(r"(?:^|[._])(?:job|task)$", text, re.IGNORECASE) is not None


def _default(function: FunctionNode, argument: ast.arg) -> ast.expr | None:
    plain = [*function.args.posonlyargs, *function.args.args]
    defaults = function.args.defaults
    pairs = list(zip(plain[len(plain) - len(defaults) :], defaults, strict=True))
    for known, value in [
        *pairs,
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]:
        if known is argument:
            return value
    return None


def _is_hook(module: Module, function: FunctionNode) -> bool:
    """Return whether JSON decoding calls the function with each object of the text."""
    if function.name in {"object_hook", "object_pairs_hook"}:
        return True
    owner = module.class_of(function)
    for call in module.calls(".loads", ".load", ".__init__", ".JSONDecoder"):
        for keyword in call.node.keywords:
            if keyword.arg not in {"object_hook", "object_pairs_hook"}:
                continue
            name = dotted(keyword.value)
            if name == function.name and owner is None:
                return True
            if owner is not None and name == f"self.{function.name}":
                return True
    return False


def first_parameters(function: FunctionNode) -> list[ast.arg]:
    """Return a function's parameters without ``self`` and ``cls``."""
    return [item for item in parameters(function) if item.arg not in {"self", "cls"}]
