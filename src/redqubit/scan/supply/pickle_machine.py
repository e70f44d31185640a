"""Follow the program in a pickle without running it: what it imports, what it calls.

A pickle is a list of instructions for a stack machine. This one keeps the stack and the memo but
makes nothing: an import becomes a name, a call becomes a note of who was called with what.
"""

from __future__ import annotations

import builtins
import copy
import pickletools
import re
import sys
import warnings
from collections import ChainMap
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Literal

OPCODES: Final = 3_000_000
EVENTS: Final = 1_000
NESTED: Final = 256
_ARRAY: Final = ("joblib.numpy_pickle", "NumpyArrayWrapper")
_ITEM: Final = {"U": 4}  # bytes a character
_COMMON: Final = frozenset(
    [
        "__builtin__",
        "cloudpickle",
        "dill",
        "joblib",
        "numpy",
        "pandas",
        "pip",
        "scipy",
        "setuptools",
        "sklearn",
        "torch",
    ]
)
_CODECS: Final = ("latin1", "latin-1", "ascii", "utf-8", "utf8")

Kind = Literal["import", "call", "computed import", "computed call", "extension", "patch"]


@dataclass(frozen=True, slots=True)
class Name:
    """A global the pickle asks for."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


_ENCODE: Final = Name("_codecs", "encode")  # how bytes are written in protocols 0 to 2
LOADER: Final = Name("torch.storage", "_load_from_bytes")  # reads a whole PyTorch file in memory
# Once qiskit is imported, and with it dill, joblib writes types and ranges through these two.
_TYPE: Final = Name("dill._dill", "_load_type")
_REPR: Final = Name("dill._dill", "_eval_repr")
_CONSTANT: Final = re.compile(r"range\(-?\d+, -?\d+(?:, -?\d+)?\)|Ellipsis|NotImplemented")


@dataclass(frozen=True, slots=True)
class Event:
    """What the pickle would do at ``offset``; ``name`` is None where it is computed."""

    kind: Kind
    name: Name | None
    offset: int


@dataclass(slots=True)
class Walk:
    """What one pickle does.

    ``end`` is the offset after it; ``reason`` says why it could not be followed to its end (empty
    if it could); ``nested`` are byte strings and texts in it that may be pickles themselves.
    ``called`` tells whether anything imported is called before that.
    """

    events: list[Event] = field(default_factory=list)
    nested: list[bytes] = field(default_factory=list)
    end: int = 0
    opcodes: int = 0
    reason: str = "it has no end"

    @property
    def called(self) -> bool:
        """Whether an import with a possible name is called."""
        return any(
            event.kind == "call" and event.name is not None and _plausible(event.name)
            for event in self.events
        )


class _Mark:
    __slots__ = ()


@dataclass(slots=True)
class _Made:
    """An object some call would make."""

    maker: Any
    args: Any = None
    state: Any = None


class _BrokenError(Exception):
    pass


_MARK: Final = _Mark()
_OTHER: Final = _Made(None)  # a list, a set, a persistent object


def walk(file: BinaryIO, offset: int = 0) -> Walk:
    """Follow the pickle that starts at ``offset`` of a file.

    Never raises for what is in the file; follows at most three million opcodes.
    """
    found = Walk(end=offset)
    machine = _Machine(file, found, [], {}, OPCODES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd escapes in protocol 0 text
        file.seek(offset)
        machine.run()
    return found


def _plausible(name: Name) -> bool:
    parts = [*name.module.split("."), *name.name.split(".")]
    return all(part.isidentifier() for part in parts)


def _installed(name: Name) -> bool:
    """Whether there is such a module on most machines; numbers read as opcodes name others."""
    root = name.module.partition(".")[0]
    return root in sys.stdlib_module_names or root in _COMMON


class _Machine:
    def __init__(
        self,
        file: BinaryIO,
        found: Walk,
        stack: list[Any],
        memo: MutableMapping[int, Any],
        left: int,
        plain: bool = False,
    ) -> None:
        self.file, self.found, self.stack, self.memo = file, found, stack, memo
        self.left, self.plain = left, plain
        self.seen = {(event.kind, event.name) for event in found.events}
        self.position = 0

    def run(self) -> None:
        """Follow opcodes up to the end, or say in ``found.reason`` why not."""
        try:
            for opcode, arg, position in pickletools.genops(self.file):
                self.position = position or 0
                self.found.opcodes += 1
                self.left -= 1
                if self.left < 0:
                    raise _BrokenError(f"it has over {OPCODES:,} opcodes")
                if opcode.name == "STOP":
                    self.pop()
                    self.found.end = self.position + 1
                    self.found.reason = ""
                    return
                self.step(opcode.name, arg)
        except _BrokenError as error:
            self.found.reason = f"{error} (byte {self.position:,})"
        except (ValueError, IndexError, OverflowError, MemoryError, RecursionError) as error:
            told = str(error).splitlines()[0][:80] if str(error) else type(error).__name__
            self.found.reason = f"{told} (after byte {self.position:,})"
        self.found.end = max(self.found.end, self.position)

    def step(self, name: str, arg: Any) -> None:
        """Do one opcode."""
        stack = self.stack
        match name:
            case "MEMOIZE":
                self.memo[len(self.memo)] = self.top()
            case "BINPUT" | "LONG_BINPUT" | "PUT":
                self.memo[arg] = self.top()
            case "BINGET" | "LONG_BINGET" | "GET":
                if arg not in self.memo:
                    raise _BrokenError("it reads a memo that was never written")
                stack.append(self.memo[arg])
            case "GLOBAL":
                module, _, attribute = arg.rpartition(" ")
                stack.append(self.imported(module, attribute))
            case "STACK_GLOBAL":
                attribute, module = self.pop(), self.pop()
                stack.append(self.imported(module, attribute))
            case "INST":
                module, _, attribute = arg.rpartition(" ")
                args = tuple(self.to_mark())
                stack.append(self.call(self.imported(module, attribute), args))
            case "OBJ":
                items = self.to_mark()
                if not items:
                    raise _BrokenError("it makes an object of nothing")
                stack.append(self.call(items[0], tuple(items[1:])))
            case "REDUCE" | "NEWOBJ":
                args, target = self.pop(), self.top()
                stack[-1] = self.call(target, args)
            case "NEWOBJ_EX":
                self.pop()
                args, target = self.pop(), self.pop()
                stack.append(self.call(target, args))
            case "BUILD":
                self.build(self.pop(), self.top())
            case "EXT1" | "EXT2" | "EXT4":
                self.note("extension", None)
                stack.append(_OTHER)
            case _:
                self.plain_step(name, arg)

    def plain_step(self, name: str, arg: Any) -> None:
        """Do an opcode that imports and calls nothing."""
        stack = self.stack
        match name:
            case "MARK":
                stack.append(_MARK)
            case "EMPTY_DICT":
                stack.append({})
            case "DICT":
                items = self.to_mark()
                stack.append(dict.fromkeys(key for key in items[::2] if isinstance(key, str)))
            case "SETITEM":
                value, key = self.pop(), self.pop()
                _set(self.top(), key, value)
            case "SETITEMS":
                items = self.to_mark()
                target = self.top()
                for key, value in zip(items[::2], items[1::2], strict=False):
                    _set(target, key, value)
            case "APPEND":
                self.pop()
                self.top()
            case "APPENDS" | "ADDITEMS":
                self.to_mark()
                self.top()
            case "TUPLE":
                stack.append(tuple(self.to_mark()))
            case "EMPTY_TUPLE":
                stack.append(())
            case "TUPLE1":
                stack.append((self.pop(),))
            case "TUPLE2":
                second, first = self.pop(), self.pop()
                stack.append((first, second))
            case "TUPLE3":
                third, second, first = self.pop(), self.pop(), self.pop()
                stack.append((first, second, third))
            case "LIST" | "FROZENSET":
                self.to_mark()
                stack.append(_OTHER)
            case "EMPTY_LIST" | "EMPTY_SET" | "PERSID" | "NEXT_BUFFER":
                stack.append(_OTHER)
            case "BINPERSID":
                stack.append(_persistent(self.pop()))
            case "POP":
                if not stack:
                    raise _BrokenError("it takes from an empty stack")
                stack.pop()
            case "POP_MARK":
                self.to_mark()
            case "DUP":
                stack.append(self.top())
            case "PROTO" | "FRAME" | "READONLY_BUFFER":
                pass
            case "NONE":
                stack.append(None)
            case "NEWTRUE" | "NEWFALSE":
                stack.append(name == "NEWTRUE")
            case _:  # numbers, texts and bytes, whose argument is the value
                self.literal(arg)

    def literal(self, value: Any) -> None:
        self.stack.append(value)
        if isinstance(value, str | bytes | bytearray) and len(self.found.nested) < NESTED:
            content = _as_bytes(value)
            if content is not None:
                self.found.nested.append(content)

    def top(self) -> Any:
        if not self.stack or self.stack[-1] is _MARK:
            raise _BrokenError("it takes from an empty stack")
        return self.stack[-1]

    def pop(self) -> Any:
        value = self.top()
        self.stack.pop()
        self.handed_on(value)
        return value

    def to_mark(self) -> list[Any]:
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] is _MARK:
                items = self.stack[index + 1 :]
                del self.stack[index:]
                for item in items:
                    self.handed_on(item)
                return items
        raise _BrokenError("it looks for a mark that is not there")

    def note(self, kind: Kind, name: Name | None) -> None:
        if (kind, name) not in self.seen and len(self.found.events) < EVENTS:
            self.seen.add((kind, name))
            self.found.events.append(Event(kind, name, self.position))

    def imported(self, module: Any, attribute: Any) -> Any:
        if isinstance(module, str) and isinstance(attribute, str):
            name = Name(module, attribute)
            if name not in (_TYPE, _REPR):
                self.note("import", name)
            return name
        self.note("computed import", None)
        return _OTHER

    def handed_on(self, value: Any) -> None:
        """Note dill's helpers wherever they are more than called at once."""
        if isinstance(value, Name) and value in (_TYPE, _REPR):
            self.note("import", value)

    def call(self, target: Any, args: Any) -> Any:
        match target, args:
            case Name(), (str(text),) if target == _REPR and _CONSTANT.fullmatch(text):
                return _Made(Name("builtins", "range"))
            case Name(), (str(text),) if target == _TYPE and text.isidentifier():
                return self.imported("builtins" if hasattr(builtins, text) else "types", text)
        if isinstance(target, Name):
            self.note("call", target)
        if not isinstance(target, Name) or (
            target in (_ENCODE, LOADER) and not _literal_args(target, args)
        ):
            self.note("computed call", None)
        return _Made(target, args)

    def build(self, state: Any, target: Any) -> None:
        if isinstance(target, Name):
            self.note("patch", target)  # attributes of the imported thing itself are set
        if isinstance(target, _Made) and target is not _OTHER:
            target.state = state
            maker = target.maker
            if isinstance(maker, Name) and (maker.module, maker.name) == _ARRAY:
                self.array(state)

    def array(self, state: Any) -> None:
        """Step over the array joblib writes between the opcodes of a pickle.

        The pickle module knows no such arrays, so what it would do there is followed as well.
        """
        if self.plain or not isinstance(state, dict):
            return
        start = self.file.tell()
        other = Walk(events=self.found.events, nested=self.found.nested)
        stack = [copy.copy(item) if isinstance(item, _Made) else item for item in self.stack]
        overlay: MutableMapping[int, Any] = ChainMap({}, self.memo)
        _Machine(self.file, other, stack, overlay, min(self.left, 10_000), plain=True).run()
        self.found.events[:] = [
            event
            for event in self.found.events
            if event.offset < start or (event.name is not None and _installed(event.name))
        ]
        self.file.seek(start)
        size, objects = _extent(state)
        if objects:
            inner = Walk(events=self.found.events, nested=self.found.nested)
            _Machine(self.file, inner, [], {}, self.left).run()
            if inner.reason:
                raise _BrokenError(f"an array of objects in it cannot be followed: {inner.reason}")
            self.left -= inner.opcodes
            return
        if "numpy_array_alignment_bytes" in state:
            padding = self.file.read(1)
            size += padding[0] if padding else 0
        self.file.seek(size, 1)


def _extent(state: dict[str, Any]) -> tuple[int, bool]:
    """Return the bytes an array takes and whether it holds objects."""
    shape, dtype = state.get("shape"), state.get("dtype")
    made = dtype if isinstance(dtype, _Made) else _Made(None)
    code = made.args[0] if isinstance(made.args, tuple) and made.args else None
    if not isinstance(shape, tuple) or not isinstance(code, str) or not code:
        raise _BrokenError("an array in it has no shape or type")
    code = code.lstrip("<>|=")
    flags = made.state[-1] if isinstance(made.state, tuple) and made.state else 0
    if code[0] == "O" or (isinstance(flags, int) and flags > 0 and flags & 1):
        return 0, True
    if not code[1:].isdigit():
        raise _BrokenError(f"an array in it has the unknown type {code!r:.20}")
    count = 1
    for side in shape:
        if not isinstance(side, int) or side < 0 or count > 2**62:
            raise _BrokenError("an array in it has no possible shape")
        count *= side
    return count * int(code[1:]) * _ITEM.get(code[0], 1), False


def _persistent(identity: Any) -> Any:
    """Return what a reader makes of an identity; PyTorch's older form names classes that way."""
    if isinstance(identity, tuple) and len(identity) > 1 and identity[0] == "module":
        return identity[1]
    return _OTHER


def _literal_args(target: Name, args: Any) -> bool:
    """Whether bytes handed on are written out, so that they can be looked into."""
    if not isinstance(args, tuple) or not args:
        return False
    if target == _ENCODE:
        return isinstance(args[0], str) and all(codec in _CODECS for codec in args[1:])
    if isinstance(args[0], _Made):
        return bool(args[0].maker == _ENCODE)
    return isinstance(args[0], bytes)


def _set(target: Any, key: Any, value: Any) -> None:
    if isinstance(target, dict) and isinstance(key, str) and len(target) < 4_096:
        target[key] = value


def _as_bytes(value: str | bytes | bytearray) -> bytes | None:
    """Return what may be a packed pickle: by its first bytes, or by being long."""
    if len(value) < 4:
        return None
    if isinstance(value, str):
        if value[0] != "\x80" and not value.startswith(("PK", "gA", "H4sI", "eJ", "eN", "eA")):
            return None
        return value.encode("latin-1", "replace")
    if value[:1] == b"\x80" or value[:2] in (b"gA", b"PK", b"\x1f\x8b", b"eJ") or b"\n" in value:
        return bytes(value)
    return None
