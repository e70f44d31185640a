"""Scan files and folders: read, parse once, run the rules, sort out what is accepted."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from redqubit.core.errors import InputError
from redqubit.scan.finding import Finding, Fix, Result, Skipped, fingerprint
from redqubit.scan.static import baseline as known_findings
from redqubit.scan.static import versions
from redqubit.scan.static.cache import Cache, Judged
from redqubit.scan.static.config import Settings, chosen, ignored
from redqubit.scan.static.module import Module
from redqubit.scan.static.project import Project
from redqubit.scan.static.rule import Hit, Rule
from redqubit.scan.static.rules import ALL
from redqubit.scan.static.source import Source, walk
from redqubit.scan.static.suppress import accepts, suppressions

Progress = Callable[[int, int, str], None]
HITS: Final = 1000  # of one rule in one file


def scan(
    paths: Sequence[Path],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    config: Settings | None = None,
    baseline: frozenset[str] = frozenset(),
    cache: Path | None = None,
    progress: Progress | None = None,
    root: Path | None = None,
) -> Result:
    """Run the static rules over files and folders; nothing scanned is executed.

    Parameters
    ----------
    paths
        Files and folders.
    select, ignore
        Rule ids or their letters, on top of the settings.
    config
        Settings, as `config.read` gives them.
    baseline
        Fingerprints of findings to leave out (`baseline.read`).
    cache
        A file that remembers results between scans.
    progress
        Called with files done, files in all, and the file at hand.
    root
        Folder that places are relative to; by default see `base`.

    Raises
    ------
    InputError
        A path does not exist or a rule is unknown.
    """
    started = time.perf_counter()
    chosen_settings = config if config is not None else Settings()
    root = base(paths) if root is None else root
    ids = [rule.ID for rule in ALL]
    wanted = chosen(select or chosen_settings.select, [*chosen_settings.ignore, *ignore], ids)
    rules = [rule for rule in ALL if rule.ID in wanted]
    read = list(walk([Path(os.path.abspath(path)) for path in paths], root=root,
                     exclude=chosen_settings.exclude))  # fmt: skip
    sources = [item for item in read if isinstance(item, Source)]
    skipped = [item for item in read if isinstance(item, Skipped)]
    facts = versions.read(sources)
    skipped += facts.skipped
    project = Project(sources, facts)
    store = None if cache is None else Cache(cache, [*wanted], facts)
    findings: list[Finding] = []
    accepted: list[Finding] = []
    lines = 0
    with _rare_collection():
        for number, source in enumerate(sources, 1):
            if progress is not None:
                progress(number, len(sources), source.file)
            judged = None if store is None else store.get(source, project)
            if judged is None:
                judged = judge(project, source, rules)
                if store is not None:
                    store.put(source, project, judged)
            off = ignored(chosen_settings.per_file, source.file, ids)
            findings += [item for item in judged.findings if item.rule not in off]
            accepted += judged.suppressed
            skipped += judged.skipped
            lines += source.text.count("\n") + 1 if source.kind in {"python", "notebook"} else 0
    if store is not None:
        store.save()
    result = Result(
        tuple(findings),
        tuple(accepted),
        tuple(skipped),
        len(sources),
        lines,
        time.perf_counter() - started,
    )
    return known_findings.without(result, baseline) if baseline else result


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Look for garbage seldom: trees are many objects, nearly all of them in use."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 1000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def base(paths: Sequence[Path]) -> Path:
    """Return the current folder if every path lies in it, else the folder all of them lie in."""
    here = Path.cwd()
    whole = [Path(os.path.abspath(path)) for path in paths]
    if not whole or all(path.is_relative_to(here) for path in whole):
        return here
    return Path(os.path.commonpath([path if path.is_dir() else path.parent for path in whole]))


def judge(project: Project, source: Source, rules: Iterable[Rule]) -> Judged:
    """Run rules on one file of a project."""
    project.asked.clear()
    try:
        module = project.module(source.file)
    except SyntaxError as error:
        line = "" if error.lineno is None else f" (line {error.lineno}: {error.msg})"
        return Judged(skipped=(Skipped(source.file, f"not Python{line}"),))
    except InputError as error:
        told = str(error).removeprefix(f"{source.file}:").strip()
        told = f"line {told}" if told[:1].isdigit() else told
        return Judged(skipped=(Skipped(source.file, told),))
    except (ValueError, RecursionError, MemoryError):
        return Judged(skipped=(Skipped(source.file, "not Python, or nested too deeply"),))
    skipped = [Skipped(source.file, reason) for reason in project.broken_cells(source.file)]
    hits: list[tuple[Rule, Hit]] = []
    for rule in rules:
        if rule.TRIGGERS and not (
            source.kind != "text" and any(word in source.text for word in rule.TRIGGERS)
        ):
            continue
        try:
            for hit in rule.check(module):
                hits.append((rule, hit))
                if len(hits) >= HITS:
                    break
        except RecursionError:
            skipped.append(Skipped(source.file, f"nested too deeply for {rule.ID}"))
        except Exception as error:
            told = f"{rule.ID} failed on it ({type(error).__name__}: {error})"
            skipped.append(Skipped(source.file, told))
    return _sorted_out(module, hits, skipped)


def _sorted_out(module: Module, hits: list[tuple[Rule, Hit]], skipped: list[Skipped]) -> Judged:
    known = suppressions(module)
    findings: list[Finding] = []
    accepted: list[Finding] = []
    seen: dict[tuple[str, str], int] = {}
    places = set()
    order = sorted(hits, key=lambda item: _span(item[1]))
    for rule, hit in order:
        place = module.place(hit.where)
        if (rule.ID, place) in places:
            continue
        places.add((rule.ID, place))
        first, last = _span(hit)
        line = module.lines[first - 1] if 0 < first <= len(module.lines) else ""
        same = (rule.ID, " ".join(line.split()))
        number = seen.get(same, 0)
        seen[same] = number + 1
        finding = Finding(
            rule.ID,
            hit.severity or rule.SEVERITY,
            hit.message,
            place,
            hit.advice or rule.ADVICE,
            rule.CWE,
            hit.flow,
            _fix(module, hit),
            fingerprint(rule.ID, module.file, line, number),
        )
        if accepts(known, rule.ID, first, last):
            accepted.append(finding)
        else:
            findings.append(finding)
    return Judged(tuple(findings), tuple(accepted), tuple(skipped))


def _span(hit: Hit) -> tuple[int, int]:
    """Return the first and last line in the module's text."""
    first = hit.where.line if hasattr(hit.where, "line") else getattr(hit.where, "lineno", 1)
    end = getattr(hit.where, "end_line", None) or getattr(hit.where, "end_lineno", None)
    return first, end or first


def _fix(module: Module, hit: Hit) -> Fix | None:
    edit = hit.edit
    if edit is None:
        return None
    return Fix(module.place(edit.where), edit.replacement, edit.message, edit.safe)
