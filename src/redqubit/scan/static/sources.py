"""Where outside data enters a program, and what takes the danger out of it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from redqubit.scan.static import handlers
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.scope import FunctionNode, dotted

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
_SENDERS: Final[dict[str, Origin]] = {handlers.COMMAND: "argv", handlers.PAYLOAD: "payload"}

_HTTP: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "request", "stream"})
_CLIENTS: Final = (
    "requests",
    "requests.Session",
    "requests.session",
    "httpx",
    "httpx.Client",
    "httpx.AsyncClient",
    "aiohttp.ClientSession",
    "urllib3",
    "urllib3.PoolManager",
    "requests_cache.CachedSession",
    "cloudscraper.create_scraper",
)
_FETCHERS: Final = frozenset(f"{client}.{verb}" for client in _CLIENTS for verb in _HTTP) | {
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib.request.OpenerDirector.open",
    "urllib.request.build_opener.open",
    "urllib2.urlopen",
    "wget.download",
    "gdown.download",
    "huggingface_hub.hf_hub_download",
    "huggingface_hub.snapshot_download",
    "torch.hub.download_url_to_file",
    "torch.hub.load_state_dict_from_url",
}
FETCHING_METHODS: Final = frozenset(
    [
        "recv",
        "recv_json",
        "recv_string",
        "recv_bytes",
        "recv_multipart",
        "recv_pyobj",
        "recvfrom",
        "recv_into",
        "receive_json",
        "receive_text",
        "receive_bytes",
        "receive_message",
        "receive_messages",
        "get_object",
        "download_fileobj",
        "download_to_file",
        "download_as_bytes",
        "download_as_string",
        "download_as_text",
        "download_blob",
        "retrbinary",
        "getfo",
        "blpop",
        "brpop",
        "lpop",
        "rpop",
        "xread",
        "xreadgroup",
    ]
)
_CHANNELS: Final = (
    "boto3",
    "socket",
    "zmq",
    "websocket",
    "multiprocessing.connection",
    "redis",
    "aioredis",
    "fastapi",
    "starlette",
    "quart",
    "aiohttp",
    "azure",
    "nats",
    "ftplib",
    "paramiko",
    "google.cloud",
    "minio",
)
_CONSUMERS: Final = frozenset(
    {
        "kafka.KafkaConsumer",
        "confluent_kafka.Consumer.poll",
        "confluent_kafka.Consumer.consume",
        "aiokafka.AIOKafkaConsumer",
        "aiokafka.AIOKafkaConsumer.getone",
    }
)
# Methods no other kind of object has: queues and web sockets.
_RECEIVERS: Final = frozenset(
    ["receive_message", "receive_messages", "receive_json", "receive_text", "receive_bytes",
     "blpop", "brpop", "xreadgroup"]
)  # fmt: skip
_WIDGETS: Final = frozenset(
    {"file_uploader", "text_input", "text_area", "query_params", "chat_input", "number_input"}
)
_CLIENT: Final = re.compile(r"(?:^|[._])(?:client|session|sess|http|https)$", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"url|uri\b|link|href|endpoint|^f?['\"]/|/", re.IGNORECASE)
_ARGUMENTS: Final = frozenset(
    ["get_argument", "get_arguments", "get_query_argument", "get_query_arguments",
     "get_body_argument", "get_body_arguments"]
)  # fmt: skip
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
        "get_body",
        "get_media",
        "media",
        "bounded_stream",
        "rel_url",
        "post",
        "text",
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
_BUFFERS: Final = frozenset({"io.BytesIO", "io.StringIO"})
STREAM_READERS: Final = frozenset({"read", "readline", "readlines", "getvalue"})
_PATH_READERS: Final = frozenset({"read_text", "read_bytes"})
_REQUEST: Final = re.compile(r"(?:Request|QueueMessage|ServiceBusMessage|EventHubEvent)\b['\"]?$")
_NUMERIC: Final = frozenset(
    [
        *("int", "float", "bool", "complex", "UUID", "date", "datetime", "Decimal", "Literal"),
        *("FiniteFloat", "PositiveInt", "PositiveFloat", "NonNegativeInt", "NonNegativeFloat"),
        *("StrictInt", "StrictFloat", "NegativeFloat", "confloat", "conint", "condecimal"),
    ]
)
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
    if tail in _PARSED:
        return Entry("argv", "command-line arguments", node)
    if tail in _RECEIVERS:
        return Entry("request", "a message queue" if "_m" in tail else "a message", node)
    if name.startswith("streamlit.") and tail in _WIDGETS:
        if call.arg(None, "max_value") is not None:
            return None
        return Entry("request", f"the web form's {tail}()", node)
    if name in _CONSUMERS:
        return Entry("request", "a message queue", node)
    fetches = tail in FETCHING_METHODS and (not name or name.startswith(_CHANNELS))
    if name in _FETCHERS or fetches or (not name and tail in _HTTP and _by_client(module, call)):
        return Entry("download", f"a download by {name or tail}()", node)
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
    if tail == "get_json" or (tail in _ARGUMENTS and _is_tornado(module, name)):
        return Entry("request", "a web request", node)
    return None


def _is_tornado(module: Module, name: str) -> bool:
    """Return whether a method that reads an argument is the framework's, not the project's."""
    return not name or module.project.definition(name, module) is None


def of_path(module: Module, path: ast.expr | None, node: ast.AST) -> Entry | None:
    """Return what reading a path brings in; package data is trusted."""
    if path is None or module.name_of(path) in _BUFFERS:
        return None  # a buffer's content comes from elsewhere
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
    if handlers.received(module, node):
        return Entry("request", "a web request", node)
    if node.attr in _REQUEST_ATTRIBUTES and _is_request(module, node.value):
        return Entry("request", "a web request", node)
    return None


def _is_request(module: Module, node: ast.expr) -> bool:
    """Return whether an expression is a web framework's request by its name or annotation."""
    chain = dotted(node)
    if chain in {"request", "self.request"}:
        return True
    if not isinstance(node, ast.Name):
        return False
    binding = module.single(node)
    argument = binding.node if binding is not None else None
    if not isinstance(argument, ast.arg):
        return False
    annotation = argument.annotation
    return (
        chain == "req"
        if annotation is None
        else _REQUEST.search(ast.unparse(annotation)) is not None
    )


def of_subscript(module: Module, node: ast.Subscript) -> Entry | None:
    """Return what reading an entry brings in: ``os.environ["X"]``."""
    if module.name_of(node.value) == "os.environ":
        return _environment(module, node.slice, node)
    return None


def of_parameter(module: Module, function: FunctionNode, argument: ast.arg) -> Entry | None:
    """Return what a parameter of a web handler, a command or a decoder's hook brings in."""
    sender = handlers.sender(module, function, argument)
    if not sender:
        return None
    whole = sender in {handlers.MESSAGE, handlers.PAYLOAD}
    text = f"{sender} {argument.arg!r}" if whole else f"{argument.arg!r} of {sender}"
    origin = _SENDERS.get(sender, "request")
    return Entry(origin, text, argument, is_numeric(argument.annotation))


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


def _by_client(module: Module, call: Call) -> bool:
    """Return whether a client of unknown making is asked for an address."""
    receiver = dotted(call.receiver) if call.receiver is not None else ""
    address = call.arg(1 if call.tail in {"request", "stream"} else 0, "url")
    if not _CLIENT.search(receiver) or address is None:
        return False
    if module.prefix(address).startswith(("http://", "https://")):
        return True
    return bool(_ADDRESS.search(ast.unparse(address)))


def _is_job(call: Call) -> bool:
    receiver = call.receiver
    text = dotted(receiver) if receiver is not None else ""
    return re.search(r"(?:^|[._])(?:job|task)$", text, re.IGNORECASE) is not None
