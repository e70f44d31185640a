"""Whether a digest or signature of data is compared before the data is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from redqubit.scan.static.derived import shallow
from redqubit.scan.static.surroundings import Surroundings, called

if TYPE_CHECKING:
    from redqubit.scan.static.flow import Flow
    from redqubit.scan.static.module import Module

_MAKES: Final = re.compile(
    r"hashlib|hmac|sha\d|blake|\bmd5|digest|checksum|signature|_hash\b|hash_|xxh|crc32",
    re.IGNORECASE,
)
_COMPARES: Final = re.compile(
    r"compare_digest$|^verify$|^verified$|(?:^|_)(?:verify|verified|check|assert|ensure|validate|match)\w*_"
    r"(?:sha\d*|hash|digest|checksum|sum|signature|sig|mac|hmac|integrity)|^check_?sum$|^_?verify_(?!ssl)"
    r"|^(?:verify|check)_(?:file|blob|data|download|bytes|weights|model|artifact|integrity)$"
)  # fmt: skip
_ENTRUSTED: Final = frozenset(
    {"known_hash", "file_hash", "expected_hash", "hash_prefix", "sha256", "md5"}
)

_KNOWN: Final = re.compile(
    r"allow|known|trust|pin|manifest|expect|valid|approv|digest|sha|hashes|lock", re.IGNORECASE
)


def compared(module: Module, node: ast.AST, flow: Flow | None = None) -> bool:
    """Return whether a function around a place, or one the data passes, compares a digest.

    A digest that is only computed (for a log, say) proves nothing.
    """
    if flow is not None:
        scopes = Surroundings(module, node, flow).scopes
    else:
        own = module.function(node) or module.tree
        scopes = [(module, own), *called(module, own)]
    return any(_in_scope(home, scope) for home, scope in scopes)


def _in_scope(module: Module, scope: ast.AST) -> bool:
    key = f"digest {id(scope)}"
    known: bool | None = module.memo.get(key)
    if known is None:
        known = module.memo[key] = _looks(shallow(scope), list(_digests(shallow(scope))))
    return known


def _digests(scope: ast.AST) -> Iterator[str]:
    """Yield the names that hold a digest."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign) and _MAKES.search(ast.unparse(node.value)):
            for target in node.targets:
                yield from (item.id for item in ast.walk(target) if isinstance(item, ast.Name))


def _looks(scope: ast.AST, digests: list[str]) -> bool:
    for node in ast.walk(scope):
        if isinstance(node, ast.Call):
            function = node.func
            name = (
                function.attr
                if isinstance(function, ast.Attribute)
                else getattr(function, "id", "")
            )
            if _COMPARES.search(name):
                return True
            if any(item.arg in _ENTRUSTED and not _absent(item.value) for item in node.keywords):
                return True
        elif isinstance(node, ast.Compare) and _tests(node, digests):
            return True
    return False


def _tests(node: ast.Compare, digests: list[str]) -> bool:
    """Return whether a digest is compared with one that is known; a cache's keys are not."""
    if not any(_is_digest(side, digests) for side in (node.left, *node.comparators)):
        return False
    if isinstance(node.ops[0], ast.In | ast.NotIn):
        right = node.comparators[0]
        name = right.attr if isinstance(right, ast.Attribute) else getattr(right, "id", "")
        literal = isinstance(right, ast.Set | ast.List | ast.Tuple | ast.Dict | ast.Call)
        return literal or name.isupper() or bool(_KNOWN.search(name))
    return not all(_absent(side) for side in node.comparators)


def _is_digest(node: ast.expr, digests: list[str]) -> bool:
    if isinstance(node, ast.Constant):
        return False
    if isinstance(node, ast.Name) and node.id in digests:
        return True
    return bool(_MAKES.search(ast.unparse(node)))


def _absent(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, "", False)
