"""Arithmetic on angle expressions without eval."""
import ast
import math
import operator

_BIN = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_NAMES = {"pi": math.pi, "tau": math.tau}


class AngleSyntax(ValueError):
    pass


def _walk(node: ast.AST) -> float:
    match node:
        case ast.Expression(body=body):
            return _walk(body)
        case ast.Constant(value=v) if isinstance(v, (int, float)):
            return float(v)
        case ast.Name(id=name) if name in _NAMES:
            return _NAMES[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_walk(inner)
        case ast.BinOp(left=a, op=op, right=b) if type(op) in _BIN:
            return _BIN[type(op)](_walk(a), _walk(b))
    raise AngleSyntax(ast.dump(node)[:60])


def evaluate(text: str) -> float:
    if len(text) > 80:
        raise AngleSyntax("expression too long")
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as exc:
        raise AngleSyntax(text) from exc
    return _walk(tree)
