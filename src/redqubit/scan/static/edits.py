"""Small changes of calls: set or drop a keyword, put another function in place."""

from __future__ import annotations

import ast

from redqubit.scan.static.module import Call, Module
from redqubit.scan.static.rule import Edit, Span


def set_keyword(
    call: Call, keyword: str, value: str, message: str, *, safe: bool = True
) -> Edit | None:
    """Return the edit that gives a call ``keyword=value``; None where text cannot be trusted."""
    node, module = call.node, call.module
    for item in node.keywords:
        if item.arg == keyword:
            return Edit(item.value, value, message, safe)
    every = [*node.args, *(item.value for item in node.keywords)]
    end = module.place(node)
    assert end.end_line is not None
    assert end.end_column is not None
    if module.cells:
        return None
    if not every:
        point = Span(end.end_line, end.end_column - 1, end.end_line, end.end_column - 1)
        return Edit(point, f"{keyword}={value}", message, safe)
    last = max(every, key=lambda item: (item.end_lineno or 0, item.end_col_offset or 0))
    stop = module.place(last)
    assert stop.end_line is not None
    assert stop.end_column is not None
    between = _between(module, (stop.end_line, stop.end_column), (end.end_line, end.end_column))
    if between.replace(",", "").strip() != ")" or between.count(",") > 1:
        return None  # parentheses or comments follow the last argument
    point = Span(stop.end_line, stop.end_column, stop.end_line, stop.end_column)
    return Edit(point, f", {keyword}={value}", message, safe)


def drop_keyword(call: Call, keyword: str, message: str, *, safe: bool = True) -> Edit | None:
    """Return the edit that takes a keyword out of a call that has other arguments before it."""
    module = call.module
    found = next((item for item in call.node.keywords if item.arg == keyword), None)
    if found is None or module.cells:
        return None
    every: list[ast.expr | ast.keyword] = [*call.node.args, *call.node.keywords]
    every.sort(key=lambda item: (item.lineno, item.col_offset))
    index = every.index(found)
    here = module.place(found)
    assert here.end_line is not None
    assert here.end_column is not None
    if index:
        before = module.place(every[index - 1])
        assert before.end_line is not None
        assert before.end_column is not None
        start = (before.end_line, before.end_column)
        if _between(module, start, (here.line, here.column)).strip() != ",":
            return None
        return Edit(Span(*start, here.end_line, here.end_column), "", message, safe)
    return None


def _between(module: Module, start: tuple[int, int], end: tuple[int, int]) -> str:
    lines = module.lines[start[0] - 1 : end[0]]
    if not lines:
        return ""
    lines[-1] = lines[-1][: end[1] - 1]
    lines[0] = lines[0][start[1] - 1 :]
    return "\n".join(lines)


def replace_function(call: Call, name: str, message: str, *, safe: bool = True) -> Edit:
    """Return the edit that calls ``name`` instead, with the same arguments.

    It is only safe where ``name`` is known in the module under its first part.
    """
    root = name.partition(".")[0]
    here = call.module.layout.scopes[call.module.tree].bindings.get(root)
    known = bool(here) or root == name
    return Edit(call.node.func, name, message, safe and known)


def secured(module: Module, node: ast.expr) -> Edit | None:
    """Return the edit that turns a constant ``http://`` address into ``https://``.

    It is not safe: the host may not answer there.
    """
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return None
    text = ast.get_source_segment(module.text, node) or ""
    if text.count("http://") != 1:
        return None
    changed = text.replace("http://", "https://")
    return Edit(node, changed, "Encrypt the connection.", safe=False)
