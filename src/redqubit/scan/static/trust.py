"""How far data that is loaded can be trusted: its origin, who wrote it, what was checked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.finding import Hop, Severity, rank
from redqubit.scan.static.flow import Checked, Clean, Flow
from redqubit.scan.static.folding import UNKNOWN
from redqubit.scan.static.guards import opted_in
from redqubit.scan.static.sources import Entry, in_package, is_numeric, of_path

if TYPE_CHECKING:
    from redqubit.scan.static.module import Call, Module

_TRANSPORT: Final = frozenset(
    {
        "b64decode",
        "decodebytes",
        "unhexlify",
        "fromhex",
        "decompress",
        "urlsafe_b64decode",
        "a85decode",
    }
)
_SENT: Final = re.compile(
    r"(?:^|_)(?:payload|message|msg|event|body|request|req|submission|upload|uploaded|untrusted"
    r"|user_input|client_data|form|webhook|job_spec|job_request)(?:_(?:json|data|body|dict))?$"
)
# Names that say so of a mapping with text keys.
_RECORD: Final = re.compile(
    r"(?:^|_)(?:job|task|doc|document|spec|entry|record|item|data|obj|row|order|meta|metadata)$"
)
_HELD: Final = ("assign", "with")
_WRITERS: Final = frozenset(
    [
        "dump",
        "dumps",
        "save",
        "savez",
        "savez_compressed",
        "to_pickle",
        "write",
        "write_bytes",
        "write_text",
    ]
)


def milder(first: Severity, second: Severity) -> Severity:
    """Return the milder of two severities."""
    return first if rank(first) <= rank(second) else second


def origin_of(module: Module, node: ast.expr | None) -> Flow | None:
    """Return the flow into loaded data, stronger origins first, a parameter or local file last.

    What the program serialized itself is not outside data.
    """
    own = (".dumps", ".getbuffer", "int", "float")
    found = module.flow(node, clean=own)
    if found is None:
        found = module.flow(node, origins={"local"}, clean=own)
    return found or module.flow(node, origins={"parameter"}, clean=own)


def origin_of_file(module: Module, path: ast.expr | None) -> Flow | None:
    """Return the flow into the file of a path that a loader opens itself.

    Whoever names the file chooses its content; else it is an address, or a file that others may
    have written.
    """
    if path is None:
        return None
    found = module.flow(path)
    entry = None if found is not None else of_path(module, path, path)
    address = module.prefix(path)
    if address.startswith(("http://", "https://", "ftp://", "s3://", "gs://")):
        entry = Entry("download", f"a download from {address.split('/')[2]}", path)
    if entry is None:
        return found or origin_of(module, path)
    if entry.origin == "file":
        given = origin_of(module, path)
        if given is not None:
            return given
    hop = Hop(module.place(path), f"data enters from {entry.text}")
    return Flow(entry.origin, entry.text, (hop,), entry.numeric, entry.node, module)


def handed(
    module: Module, node: ast.expr | None, *, clean: Clean = (), guard: Checked | None = None
) -> Flow | None:
    """Return the flow from a parameter whose name says that somebody else sent it.

    Functions that a table or a framework calls have no caller in the files; that ``payload`` or
    ``message`` came from outside is said by its name.
    """
    found = module.flow(node, origins={"parameter"}, clean=clean, guard=guard)
    argument = found.node if found is not None else None
    if found is None or not isinstance(argument, ast.arg) or module.in_test:
        return None
    if is_numeric(argument.annotation):
        return None
    record = _RECORD.search(argument.arg) and _is_mapping(found.module, argument)
    return found if record or _SENT.search(argument.arg) else None


def _is_mapping(module: Module, argument: ast.arg) -> bool:
    """Return whether a function reads a parameter by constant text keys."""
    for node in ast.walk(module.function(argument) or argument):
        function = node.func if isinstance(node, ast.Call) and node.args else None
        if isinstance(node, ast.Subscript):
            holder, key = node.value, node.slice
        elif isinstance(function, ast.Attribute) and function.attr == "get":
            assert isinstance(node, ast.Call)
            holder, key = function.value, node.args[0]
        else:
            continue
        text = isinstance(key, ast.Constant) and isinstance(key.value, str)
        if text and isinstance(holder, ast.Name) and holder.id == argument.arg:
            return True
    return False


def digest_checked(module: Module, node: ast.AST, flow: Flow | None = None) -> bool:
    """Return whether a digest is compared around a place or on the way of the data to it."""
    from redqubit.scan.static.digests import compared

    return compared(module, node, flow)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def own_file(module: Module, node: ast.expr | None) -> bool:
    """Return whether loaded data is of the package, or of a file the same function or script wrote.

    ``node`` is the path, the open file or the bytes.
    """
    if node is None:
        return False
    if in_package(module, node):
        return True
    from redqubit.scan.static.downloads import is_download

    if any(is_download(module, path) for path in opened(module, node)):
        return False
    paths = {ast.dump(path) for path in opened(module, node)}
    values = {module.fold(path) for path in opened(module, node)} - {UNKNOWN}
    if not paths:
        return False
    function = module.function(node)
    for call in module.calls():
        if module.function(call.node) is not function:
            continue
        mode = call.literal(1, "mode") if call.name in {"open", "gzip.open", "bz2.open"} else None
        writes = call.tail in _WRITERS or (isinstance(mode, str) and mode[:1] in "wx")
        if not writes or call.node.lineno > node.lineno:
            continue
        inputs = [*call.node.args, *(item.value for item in call.node.keywords)]
        if isinstance(call.node.func, ast.Attribute):
            inputs.append(call.node.func.value)
        for item in inputs:
            known = module.fold(item)
            if ast.dump(item) in paths or (isinstance(known, str) and known in values):
                return True
    return False


def opened(module: Module, node: ast.expr, depth: int = 6) -> Iterator[ast.expr]:
    """Yield the expressions for the path that an open file, its bytes or a path stands for."""
    if depth <= 0:
        return
    if isinstance(node, ast.Call):
        name, tail = module.name_of(node.func), _last(node.func)
        reads = tail in {"read", "read_bytes", "read_text", "getvalue", "open"}
        module_level = name in {"gzip.open", "bz2.open", "io.open", "lzma.open"}
        if reads and isinstance(node.func, ast.Attribute) and not module_level:
            yield from opened(module, node.func.value, depth - 1)
            return
        if node.args and (tail == "open" or name in {"pathlib.Path", "str", "os.fspath"}):
            yield from opened(module, node.args[0], depth - 1)
            return
    if isinstance(node, ast.Name | ast.Attribute):
        binding = module.single(node)
        value = binding.value if binding is not None and binding.kind in _HELD else None
        if value is not None and value is not node and not isinstance(value, ast.Constant):
            yield from opened(module, value, depth - 1)
            if isinstance(value, ast.Call) and _last(value.func) == "open":
                return  # the name of a handle says nothing about its file
        yield node
        return
    yield node


def over_text(module: Module, node: ast.expr | None, depth: int = 6) -> bool:
    """Return whether data was unpacked from a form that travels: base64, hex, compression."""
    if node is None or depth <= 0:
        return False
    for item in ast.walk(node):
        if isinstance(item, ast.Call):
            name = module.name_of(item.func)
            if _last(item.func) in _TRANSPORT or name in {"codecs.decode", "binascii.a2b_base64"}:
                return True
        elif isinstance(item, ast.Name):
            binding = module.single(item)
            value = binding.value if binding is not None and binding.kind == "assign" else None
            if value is not node and over_text(module, value, depth - 1):
                return True
    return False


def load_severity(call: Call, data: ast.expr | None, flow: Flow | None) -> Severity | None:
    """Return how bad it is to run a loader that executes code on this data; None for not at all.

    Sent, fetched and user-chosen data is critical, a file of unknown path high, a file with a
    constant path medium; what the program wrote itself, ships or is told to trust is a note.
    """
    module = call.module
    if own_file(module, data) or digest_checked(module, call.node, flow):
        return "note"
    if flow is None:
        return None
    severity: Severity
    if flow.origin == "parameter":
        severity = "high" if over_text(module, data) else "medium"
    elif flow.origin == "local":
        severity = "medium"
    else:
        severity = "high" if flow.origin in {"file", "env"} else "critical"
    if opted_in(module, call.node) or module.in_test:
        severity = milder(severity, "low")
    return severity


def told(flow: Flow | None, otherwise: str = "data of unknown origin") -> str:
    """Return the origin of data in words for a message."""
    return otherwise if flow is None else flow.text
