"""Check files and folders for what their dependencies, models and job data would do."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.scan import tree
from redqubit.scan.finding import Finding, Fix, Place, Result, Skipped, fingerprint
from redqubit.scan.static import source
from redqubit.scan.static.config import ignored as ignored_rules
from redqubit.scan.static.source import Source
from redqubit.scan.supply import manifest, native
from redqubit.scan.supply.advisories import Advisories, shipped
from redqubit.scan.supply.content import inspect
from redqubit.scan.supply.data import Context, Data
from redqubit.scan.supply.hit import Hit, Report, Unread
from redqubit.scan.supply.links import link
from redqubit.scan.supply.requirement import listing
from redqubit.scan.supply.rules import ALL, dep_01, dep_02, dep_03, dep_04, dep_05, dep_06, mod_05

HITS: Final = 1_000  # of one file
CODE: Final = 2 * 2**20  # bytes of setup.py or __init__.py
IDS: Final = tuple(rule.ID for rule in ALL)
_ACCEPT: Final = re.compile(r"#\s*redqubit:\s*ignore\[([^\]]*)\][ \t:,-]*(\S.*)$")
_RULES: Final = {rule.ID: rule for rule in ALL}

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class _Task:
    root: Path
    allow: frozenset[str]
    key: Path | None
    advisories: Advisories


def check(
    paths: Sequence[Path],
    *,
    wanted: Collection[str] = IDS,
    exclude: Sequence[str] = (),
    per_file: Mapping[str, Sequence[str]] | None = None,
    allow: Collection[str] = (),
    key: Path | None = None,
    advisories: Advisories | None = None,
    progress: Progress | None = None,
    root: Path | None = None,
) -> Result:
    """Run the supply-chain rules over files and folders; nothing is loaded, run or fetched.

    Parameters
    ----------
    paths
        Files and folders.
    wanted
        Ids of the rules to run.
    exclude
        Patterns as in ``.gitignore`` of what is left out.
    per_file
        Rules ignored in files that match a pattern.
    allow
        Globals of pickles to trust besides the list: ``module`` or ``module:name``.
    key
        The public key that must have signed every manifest found.
    advisories
        Known vulnerabilities; those shipped and added by `advisories.update` by default.
    progress
        Called with files done, files in all, and the file at hand.
    root
        Folder that places are relative to; the current one by default.

    Raises
    ------
    InputError
        A path does not exist.
    MissingExtraError
        ``key`` is given and the extra ``sign`` is not installed.
    """
    started = time.perf_counter()
    root = Path.cwd() if root is None else root
    task = _Task(root, frozenset(allow), key, advisories or shipped())
    whole = [path.absolute() for path in paths]
    found = list(tree.walk(whole, root, tree.Patterns(exclude), _regular, link))
    files = [item for item in found if isinstance(item, Path)]
    skipped = [item for item in found if isinstance(item, Skipped)]
    findings: list[Finding] = []
    accepted: list[Finding] = []
    for number, path in enumerate(files, 1):
        file = tree.relative(path, root)
        if progress is not None:
            progress(number, len(files), file)
        off = ignored_rules(per_file, file, IDS) if per_file else set()
        hits, unread, text = _file(path, file, task)
        skipped += [Skipped(file, reason) for reason in unread]
        for finding in _findings(hits, file, text):
            if finding.rule in wanted and finding.rule not in off:
                kept = accepted if _accepted(finding, text) else findings
                kept.append(finding)
    return Result(
        tuple(findings),
        tuple(accepted),
        tuple(dict.fromkeys(skipped)),
        len(files),
        0,
        time.perf_counter() - started,
    )


def _regular(_path: Path, regular: bool) -> bool:
    return regular


def _file(path: Path, file: str, task: _Task) -> tuple[list[Hit], list[str], str]:
    """Run every rule on one file; whatever goes wrong is a reason, never an error."""
    hits: list[Hit] = []
    unread: list[str] = []
    text = ""
    try:
        for report in _reports(path, file, task):
            if isinstance(report, Source):
                text = report.text
            elif isinstance(report, Unread):
                unread.append(report.reason)
            elif len(hits) < HITS:
                hits.append(report)
    except OSError as error:
        unread.append(f"cannot be read: {error.strerror or error}")
    except RecursionError:
        unread.append("nested too deeply")
    except MemoryError:
        unread.append("needs more memory than there is")
    except Exception as error:  # a file no reader foresaw is named, like every other
        unread.append(f"no reader could judge it ({type(error).__name__}: {error})")
    return hits, [reason[:300] for reason in dict.fromkeys(unread)], text


def _reports(path: Path, file: str, task: _Task) -> Iterator[Report | Source]:
    size = path.stat().st_size
    if path.name == manifest.NAME:
        yield from mod_05.check(path, task.key)
        return
    kind = source.kind(path)
    if kind == "versions":
        read = source.read(path, file, kind)
        if isinstance(read, Skipped):
            yield Unread(read.reason)
            return
        yield read
        yield from _dependencies(read, task.advisories)
        return
    if path.name in ("setup.py", "__init__.py") or path.suffix == ".pth":
        yield from _code(path, file, size)
    with path.open("rb") as opened:
        yield from dep_06.check(path, opened.read(native.HEAD))
        context = Context(path.name, inspect, task.allow, task.advisories)
        yield from inspect(Data(opened, size), context)


def _dependencies(read: Source, advisories: Advisories) -> Iterator[Report]:
    try:
        found = listing(read)
    except InputError as error:
        yield Unread(str(error))
        return
    first = [*dep_01.check(found, advisories), *dep_03.check(found), *dep_04.check(found)]
    lines = {hit.line for hit in first}
    yield from first
    yield from (hit for hit in dep_02.check(found) if hit.line not in lines)


def _code(path: Path, file: str, size: int) -> Iterator[Report | Source]:
    if path.suffix == ".pth":
        if size < 2**16 and b"\0" not in (data := path.read_bytes()):
            yield from dep_05.pth(data.decode("utf-8", "replace"), path.name)
        return
    if size > CODE:
        yield Unread(f"over {CODE // 2**20} MiB of Python")
        return
    read = source.read(path, file, "python")
    if isinstance(read, Skipped):
        yield Unread(read.reason)
        return
    yield read
    packaged = path.name == "setup.py" and path.with_name("__init__.py").exists()
    yield from dep_05.check(read.text, path.name, packaged=packaged)


def _findings(hits: list[Hit], file: str, text: str) -> Iterator[Finding]:
    counted: Counter[tuple[str, str]] = Counter()
    order = sorted(hits, key=lambda hit: (hit.line, hit.column, hit.rule, hit.key))
    for hit in dict.fromkeys(order):
        rule = _RULES[hit.rule]
        ordinal = counted[hit.rule, hit.key]
        counted[hit.rule, hit.key] += 1
        place = Place(file, hit.line, hit.column, hit.line, hit.end_column)
        fix = None
        if hit.replacement is not None and hit.end_column is not None and text:
            said = f"write {hit.replacement}"
            fix = Fix(place, hit.replacement, said, safe=False)
        yield Finding(
            hit.rule,
            hit.severity,
            hit.message,
            place if hit.end_column is not None else Place(file, hit.line, hit.column),
            hit.advice or rule.ADVICE,
            rule.CWE,
            (),
            fix,
            fingerprint(hit.rule, file, hit.key, ordinal),
        )


def _accepted(finding: Finding, text: str) -> bool:
    """Whether a comment at the line, or alone on the one before, accepts the rule."""
    lines = text.split("\n")
    here = lines[finding.place.line - 1] if finding.place.line <= len(lines) else ""
    before = lines[finding.place.line - 2] if 2 <= finding.place.line <= len(lines) + 1 else ""
    for line in (here, before if before.lstrip().startswith("#") else ""):
        found = _ACCEPT.search(line)
        if found and finding.rule in (part.strip() for part in found[1].split(",")):
            return True
    return False
