"""The files of one scan: parsed when asked for, found by dotted name or by a word they hold."""

from __future__ import annotations

import ast
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from redqubit.scan.static import members, notebook
from redqubit.scan.static.deferred import started
from redqubit.scan.static.indirect import is_result
from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.scope import FunctionNode, dotted, returned
from redqubit.scan.static.source import Source
from redqubit.scan.static.versions import Versions

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Tracer

_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_ON_INSTANCE: Final = frozenset({"forward", "call", "__call__"})
KEPT: Final = 4000  # parsed modules in memory; parsing one again costs more than keeping it
CALLERS: Final = 12  # files searched for calls of one function
HOPS: Final = 5  # re-exports followed


class Project:
    """Sources by name; every question whose answer depends on other files is written down.

    ``asked`` holds these questions since it was last emptied, so that a cache can ask again.
    """

    def __init__(self, sources: Iterable[Source], versions: Versions | None = None) -> None:
        self.versions = versions if versions is not None else Versions(())
        self.asked: set[str] = set()
        self._sources = {item.file: item for item in sources}
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._notebooks: dict[str, notebook.Notebook | None] = {}
        self._answers: dict[str, str] = {}
        self._words: dict[str, list[str]] = {}

    @classmethod
    def of(cls, module: Module) -> Project:
        """Return the project of one module that was made by hand."""
        project = cls(())
        project._modules[module.file] = module
        return project

    @cached_property
    def tracer(self) -> Tracer:
        """Return the tracer of data flows through this project."""
        from redqubit.scan.static.flow import Tracer

        return Tracer(self)

    @cached_property
    def _packages(self) -> set[str]:
        return {
            str(PurePosixPath(file).parent)
            for file in self._sources
            if PurePosixPath(file).name == "__init__.py"
        }

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        names: dict[str, list[str]] = {}
        for file, source in self._sources.items():
            if source.kind == "python":
                names.setdefault(self.dotted(file)[0], []).append(file)
        return names

    @cached_property
    def _paths(self) -> dict[str, list[str]]:
        """Return files by their folders' names, which are packages without a marker."""
        names: dict[str, list[str]] = {}
        for file, source in self._sources.items():
            path = PurePosixPath(file)
            if source.kind != "python" or path.stem == "__init__":
                continue
            parts = [*path.parent.parts, path.stem]
            for first in range(len(parts) - 1):
                names.setdefault(".".join(parts[first:]), []).append(file)
        return names

    def dotted(self, file: str) -> tuple[str, str]:
        """Return the dotted names of a file's module and of the package it lies in."""
        path = PurePosixPath(file)
        parts = [] if path.stem == "__init__" else [path.stem]
        folders = [folder for folder in path.parents if folder.name]
        known = [index for index, folder in enumerate(folders) if str(folder) in self._packages]
        inside = folders[: known[-1] + 1] if known else []  # a folder in a package is one
        package = [folder.name for folder in reversed(inside)]
        return ".".join([*package, *parts]), ".".join(package)

    def module(self, file: str) -> Module:
        """Return a parsed file.

        Raises
        ------
        SyntaxError, ValueError, RecursionError, MemoryError
            It is not Python or nested too deeply.
        InputError
            A notebook that is not one.
        """
        known = self._modules.get(file)
        if known is not None:
            self._modules.move_to_end(file)
            return known
        source = self._sources[file]
        name, package = self.dotted(file) if source.kind == "python" else ("", "")
        if source.kind == "notebook":
            book = notebook.read(source.text, file)
            made = (
                Module(file, "", python=False, project=self)
                if book is None
                else Module(
                    file,
                    book.text,
                    code=book.code,
                    cells=book.lines,
                    prose=book.prose,
                    project=self,
                )
            )
            self._notebooks[file] = book
        else:
            python = source.kind == "python"
            made = Module(
                file, source.text, name=name, package=package, python=python, project=self
            )
        self._modules[file] = made
        while len(self._modules) > KEPT:
            self._modules.popitem(last=False)
        return made

    def broken_cells(self, file: str) -> tuple[str, ...]:
        """Return what was left out of a notebook that has been parsed."""
        book = self._notebooks.get(file)
        return book.broken if book is not None else ()

    # Questions about other files

    def answer(self, question: str) -> str:
        """Return a digest of the answer to a question in ``asked``."""
        if question not in self._answers:
            kind, _, word = question.partition(":")
            named = self._named.get(word) or self._paths.get(word, [])
            files = self._holding(word) if kind == "word" else named
            self._answers[question] = ",".join(
                f"{file}={self._sources[file].digest}" for file in files
            )
        return self._answers[question]

    def holds(self, *words: str) -> bool:
        """Return whether a Python file or notebook of the project has one of the identifiers."""
        self.asked.update(f"word:{word}" for word in words)
        return any(self._holding(word) for word in words)

    def beside(self, module: Module, *words: str) -> bool:
        """Return whether a Python file or notebook of a file's folder has an identifier."""
        self.asked.update(f"word:{word}" for word in words)
        folder = PurePosixPath(module.file).parent
        files = (file for word in words for file in self._holding(word))
        return any(PurePosixPath(file).parent == folder for file in files)

    def having(self, *words: str) -> Iterator[Module]:
        """Yield the first files that have one of the identifiers."""
        self.asked.update(f"word:{word}" for word in words)
        files = dict.fromkeys(file for word in words for file in self._holding(word))
        return self._parsed(list(files)[:CALLERS])

    @cached_property
    def _identifiers(self) -> dict[str, frozenset[str]]:
        return {
            file: frozenset(_WORD.findall(source.text))
            for file, source in self._sources.items()
            if source.kind in {"python", "notebook"}
        }

    def _holding(self, word: str) -> list[str]:
        """Return the Python files and notebooks that have an identifier."""
        known = self._words.get(word)
        if known is None:
            known = [file for file, words in self._identifiers.items() if word in words]
            self._words[word] = known
        return known

    def _parsed(self, files: Iterable[str]) -> Iterator[Module]:
        for file in files:
            try:
                yield self.module(file)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue  # the engine names the file when its turn comes

    @cached_property
    def _roots(self) -> set[str]:
        return {name.partition(".")[0] for name in self._named}

    def is_own(self, name: str, near: Module) -> bool:
        """Return whether a qualified name can be one of the project's files; quick to ask."""
        return name.partition(".")[0] in self._roots or name.startswith(near.name)

    def definition(
        self, name: str, near: Module
    ) -> tuple[Module, FunctionNode | ast.ClassDef] | None:
        """Return the function or class of a qualified name, through re-exports of packages."""
        for _ in range(HOPS):
            if not name:
                return None
            found = self._defined(name, near)
            if not isinstance(found, str):
                return found
            name = found
        return None

    def bound(self, name: str, near: Module) -> tuple[Module, ast.expr] | None:
        """Return the value that a qualified name of a module or class of the project is given."""
        holder, _, last = name.rpartition(".")
        for _ in range(HOPS):
            found = self.definition(holder, near) if holder else None
            if found is not None and isinstance(found[1], ast.ClassDef):
                scope = found[0].layout.scopes[found[1]]
                known = [*scope.bindings.get(last, ()), *scope.bindings.get(f"self.{last}", ())]
                home = found[0]
            else:
                module = self._module_named(holder, near)
                if module is None:
                    return None
                home, known = module, module.layout.scopes[module.tree].bindings.get(last, [])
            if not known:
                return None
            if known[-1].kind != "import":
                value = known[-1].value if known[-1].kind == "assign" else None
                return (home, value) if value is not None else None
            holder, _, last = known[-1].target.rpartition(".")
        return None

    def _defined(
        self, name: str, near: Module
    ) -> tuple[Module, FunctionNode | ast.ClassDef] | str | None:
        parts = name.split(".")
        for cut in range(len(parts) - 1, -1, -1):
            holder, rest = ".".join(parts[:cut]), parts[cut:]
            module = self._module_named(holder, near)
            if module is None:
                continue
            scope = module.layout.scopes[module.tree]
            for index, part in enumerate(rest):
                bound = scope.bindings.get(part)
                if not bound:
                    return None
                last = bound[-1]
                if last.kind == "import":
                    return ".".join([last.target, *rest[index + 1 :]])
                if not isinstance(last.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    return None
                if index == len(rest) - 1:
                    return module, last.node
                scope = module.layout.scopes[last.node]
        return None

    def imported(self, name: str, near: Module) -> Module | None:
        """Return the file of a dotted name, as a file near it sees it."""
        return self._module_named(name, near)

    def _module_named(self, name: str, near: Module) -> Module | None:
        if name == near.name:
            return near
        if not name:
            return None
        files = self._named.get(name) or self._paths.get(name)
        self.asked.add(f"module:{name}")
        if not files:
            return None
        folder = near.file.rpartition("/")[0]
        best = (file for file in files if file.rpartition("/")[0] == folder)
        return next(self._parsed([next(best, files[0])]), None)

    def mentioning(self, module: Module, node: FunctionNode, also: str = "") -> Iterable[Module]:
        """Return the files that can call a function of a module, the module first.

        ``also`` is another word, whose files count where they look functions up by name.
        """
        scope = module.layout.scopes[node]
        if scope.parent is not None and isinstance(
            scope.parent.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        ):
            return [module]
        owner = module.class_of(node)
        word = owner.name if owner is not None and node.name == "__init__" else node.name
        self.asked.add(f"word:{word}")
        files = self._holding(word)
        if also:
            self.asked.update({f"word:{also}", "word:getattr"})
            looked = set(self._holding("getattr"))
            files = [*files, *(file for file in self._holding(also) if file in looked)]
        files = [file for file in dict.fromkeys(files) if file != module.file][: CALLERS - 1]
        return [module, *self._parsed(files)]

    def callers(self, module: Module, node: FunctionNode) -> list[Call]:
        """Return the calls of a function of a module, in this and other files of the project."""
        owner = module.class_of(node)
        word = owner.name if owner is not None and node.name == "__init__" else node.name
        target = module.qualified(node).removesuffix(".__init__")
        found = []
        for other in self.mentioning(module, node):
            for call in other.calls(f".{word}"):
                named = call.name == target or self._same(call, other, module, node)
                if named or (owner is not None and self._on(call, other, owner)):
                    found.append(call)
            found += [call for call in started(other) if self._is(call.name, target, other, node)]
        if owner is not None and node.name in _ON_INSTANCE:
            found += [call for call in self._uses(module, owner) if _on_instance(call)]
        return [*found, *self._made(module, node), *_wrapped(module, target)]

    def constructions(self, module: Module, owner: ast.ClassDef) -> Iterator[Call]:
        """Yield the calls that make an instance of a class of a module."""
        return (call for call in self._uses(module, owner) if not _on_instance(call))

    def _uses(self, module: Module, owner: ast.ClassDef) -> Iterator[Call]:
        """Yield the calls of a class and its instances, in this and other files of the project."""
        self.asked.add(f"word:{owner.name}")
        files = [module.file, *(file for file in self._holding(owner.name) if file != module.file)]
        for other in [module] if len(files) == 1 else self._parsed(files[:CALLERS]):
            for call in other.calls(f".{owner.name}"):
                found = self.definition(call.name, other)
                if found is not None and self._one(found[1], owner):
                    yield call

    def _made(self, module: Module, node: FunctionNode) -> Iterator[Call]:
        """Yield the calls of a function that another one, a factory, has returned."""
        scope = module.layout.scopes[node].parent
        factory = scope.node if scope is not None else None
        if not isinstance(factory, ast.FunctionDef | ast.AsyncFunctionDef):
            return
        if not any(
            isinstance(value, ast.Name) and value.id == node.name for value in returned(factory)
        ):
            return
        self.asked.add(f"word:{factory.name}")
        files = self._holding(factory.name)
        files = [module.file, *(file for file in files if file != module.file)][:CALLERS]
        target = module.qualified(factory)
        for other in [module] if files == [module.file] else self._parsed(files):
            for call in other.calls(f".{factory.name}"):
                same = call.name == target or self._same(call, other, module, factory)
                if same and is_result(other, call.node.func):
                    yield call

    def _on(self, call: Call, near: Module, owner: ast.ClassDef) -> bool:
        """Return whether a method is called on what a function returns, an instance of a class."""
        if call.receiver is None or isinstance(call.receiver, ast.Constant):
            return False
        found = members.class_of(self, near, call.receiver)
        return found is not None and self._one(found[1], owner)

    def _is(self, name: str, target: str, near: Module, node: FunctionNode) -> bool:
        if name == target or name.rpartition(".")[2] != node.name:
            return name == target
        found = self.definition(name, near)
        return found is not None and self._one(found[1], node)

    @staticmethod
    def _one(first: FunctionNode | ast.ClassDef, second: FunctionNode | ast.ClassDef) -> bool:
        """Files may have been parsed anew, so nodes are compared by their place."""
        return (first.name, first.lineno) == (second.name, second.lineno)

    def _same(self, call: Call, near: Module, home: Module, node: FunctionNode) -> bool:
        """Files may have been parsed anew in between, so nodes are compared by their place."""
        found = self.definition(call.name, near) if "." in call.name else None
        if found is None or found[0].file != home.file:
            return False
        inside = found[1].body if isinstance(found[1], ast.ClassDef) else [found[1]]
        return any(item.lineno == node.lineno for item in inside)


def _on_instance(call: Call) -> bool:
    """Return whether an instance is called, not its class."""
    return is_result(call.module, call.node.func)


def _wrapped(module: Module, target: str) -> Iterator[Call]:
    """Yield the calls of what ``qml.QNode(circuit, device)`` made of a function."""
    for call in module.calls("pennylane..QNode"):
        if not (call.node.args and module.name_of(call.node.args[0]) == target):
            continue
        parent = module.parent(call.node)
        name = dotted(parent.targets[0]) if isinstance(parent, ast.Assign) else ""
        for use in module.calls() if name else ():
            if dotted(use.node.func) == name:
                yield use
