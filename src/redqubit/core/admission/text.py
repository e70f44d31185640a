"""Bounds on an OpenQASM 2 or 3 program, by one pass over its statements.

Every gate and subroutine must be defined before it is used. So a body's count is final when its
closing brace is reached, each definition is expanded once whatever calls it, and recursion shows
as a use before the definition.
"""

from __future__ import annotations

import re
from typing import Final

from redqubit.core.admission import loops
from redqubit.core.admission.expression import fold
from redqubit.core.admission.found import CAP, CONTROLLED, Tally
from redqubit.core.admission.layers import peel
from redqubit.core.admission.program import NAMES, Frame, Program

WHILE: Final = 100  # rounds a while loop is taken to run
DEEP: Final = 1000  # nesting beyond which nothing more is read
CHAIN: Final = 100  # modifiers, or loops without braces, in front of one statement
_PIECE: Final = re.compile(r"([^;{}]*+)([;{}]|\Z)")
_PLAIN: Final = re.compile(
    r"\s*+([A-Za-z_]\w*+)\s*+(?:\([^()]*+\)\s*+)?+"
    r"(?:[A-Za-z_]\w*+\s*+\[\s*+\d++\s*+\]\s*+,?+\s*+)++\Z"
)
_CALL: Final = re.compile(r"([A-Za-z_]\w*+)\s*+(.*)\Z", re.DOTALL)
_MODIFIER: Final = re.compile(r"\s*+(inv|pow|ctrl|negctrl)\b(?=\s*+[(@])")
_REGISTER: Final = re.compile(
    r"\s*+(?:(?P<old>[qc])reg\s++(?P<name>\w++)\s*+\[(?P<count>[^\]]*+)\]"
    r"|(?P<new>qubit|bit)\s*+(?:\[(?P<size>[^\]]*+)\])?+\s*+(?P<called>[^\W\d]\w*+))"
)
_CLASSICAL: Final = re.compile(
    r"\s*+(?:(?:const|input|output|readonly|mutable)\s++)*+"
    r"(?:int|uint|float|angle|complex|bool|duration|stretch|array)\b"
)
_MEASURE: Final = re.compile(r"[^=]*+=\s*+measure\s++([^=]++)\Z")
_SIZE: Final = re.compile(r"\d{1,20}")
_CONST: Final = re.compile(r"\s*+const\b")
_DEFINES: Final = re.compile(r"\s*+(?:gate|def)\b")
_GATE: Final = re.compile(r"\s*+gate\s++(\w++)\s*+(?:\(([^()]*+)\))?+([^()]*+)\Z")
_DEF: Final = re.compile(r"\s*+def\s++(\w++)\s*+\((.*?)\)[^)]*+\Z", re.DOTALL)
_ARGUMENT: Final = re.compile(r"\s*+qubit\s*+(?:\[([^\]]*+)\])?+\s*+(\w++)")
_RISK: Final = re.compile(
    r"\^|\*\*|<<|/\s*+(?![1-9])|(?:\*[^*;]*+){16}"
    r"|\b(?:exp|ln|log|sqrt|pow|a(?:rc)?(?:sin|cos)|mod)\b"
)
_RISKY: Final = ("^", "**", "<<", "exp", "ln", "log", "sqrt", "pow", "cos", "sin", "mod")
_DIVISION: Final = re.compile(r"/\s*+(?![1-9])")
_WORDS: Final = frozenset(
    [
        "qreg",
        "creg",
        "qubit",
        "bit",
        "if",
        "else",
        "for",
        "while",
        "switch",
        "case",
        "default",
        "let",
        "const",
        "input",
        "output",
        "opaque",
        "int",
        "uint",
        "float",
        "angle",
        "bool",
        "complex",
        "array",
        "duration",
        "stretch",
        "include",
        "OPENQASM",
        "measure",
        "barrier",
        "reset",
        "delay",
        "return",
        "break",
        "continue",
        "end",
        "def",
        "gate",
        "box",
        "cal",
        "defcal",
        "extern",
        "mutable",
        "readonly",
    ]
)


def read_text(text: str, tally: Tally, kind: str, tokens: int = CAP) -> None:
    """Fill ``tally`` with bounds on the program ``text``; past ``tokens`` no statement is read."""
    text = peel(text, tally)
    if kind != "qasm" and tally.version not in (0, int(kind[-1])):
        tally.fault("version", f"OpenQASM {tally.version} where {kind} is expected")
    if (
        tally.tokens > tokens
        or tally.nesting > DEEP
        or any(fault.rule == "brackets" for fault in tally.faults)
    ):
        return
    risky = _is_risky(text)
    version = int(kind[-1]) if kind != "qasm" else tally.version
    program = Program(tally, power=version != 3, risky=risky)
    program.frames.append(Frame("program"))
    _read(program, text)
    tally.gates = program.frames[0].count


def _is_risky(text: str) -> bool:
    """Return whether any arithmetic of ``text`` may have to be folded."""
    return (
        any(sign in text for sign in _RISKY)
        or _DIVISION.search(text) is not None
        or text.count("*") >= 16
    )


def _read(program: Program, text: str) -> None:
    frames, gates, used = program.frames, program.gates, program.used
    pending: list[str] = []  # parts of a statement that braces of a set interrupt
    braces = 0
    for piece in _PIECE.finditer(text):
        body, mark = piece[1], piece[2]
        if mark == ";" and not braces and not pending and (plain := _PLAIN.match(body)):
            name = plain[1]
            if name not in _WORDS:
                if program.risky and _RISK.search(body):
                    _measure(program, body)
                if name in gates:
                    frames[-1].count += program.call(name)
                else:
                    used.add(name)
                    frames[-1].count += 1
                continue
        if not mark:
            if body.strip() or pending:
                program.tally.fault("statements", "text after the last statement")
            return
        pending.append(body)
        if mark == "{" and (braces or _opens_set(pending)):
            pending.append("‹")
            braces += 1
        elif mark == "}" and braces:
            pending.append("›")
            braces -= 1
        else:
            if braces:
                program.tally.fault("brackets", "a statement within the braces of a set")
            braces = 0
            statement = "".join(pending)
            pending.clear()
            _end(program, statement, mark)


def _opens_set(pending: list[str]) -> bool:
    before = "".join(pending[-3:]).rstrip()
    if _DEFINES.match(before):  # the list of operands may end with a comma
        return False
    return before.endswith(("[", "=", ",", "(", "‹")) or re.search(r"\bin\Z", before) is not None


def _end(program: Program, statement: str, mark: str) -> None:
    frames = program.frames
    if program.risky and _RISK.search(statement):
        _measure(program, statement)
    if mark == "{":
        frames.append(_open(program, statement))
    elif mark == ";":
        frames[-1].count += _statement(program, statement)
    else:
        if statement.strip():
            program.tally.fault("statements", "a statement without a semicolon")
            frames[-1].count += _statement(program, statement)
        if len(frames) > 1:
            _close(program, frames.pop())


def _measure(program: Program, text: str) -> None:
    folded = fold(text, program.constants, program.power)
    program.tally.magnitude = max(program.tally.magnitude, folded.magnitude)
    program.tally.growth = max(program.tally.growth, folded.growth)
    if folded.undefined:
        program.tally.fault("literals", folded.undefined)


def _open(program: Program, header: str) -> Frame:
    if match := _GATE.match(header):
        operands = [name.strip() for name in match[3].split(",")]
        program.hide([name.strip() for name in (match[2] or "").split(",") if name.strip()])
        return Frame("gate", match[1], local=dict.fromkeys(operands, 1))
    if match := _DEF.match(header):
        local = {
            name: max(program.value(size or "1", "sizes"), 1)
            for size, name in _ARGUMENT.findall(match[2])
        }
        program.hide(NAMES.findall(match[2]))
        return Frame("def", match[1], local=local)
    if _DEFINES.match(header):
        program.tally.fault("statements", "a definition whose head cannot be read")
    rounds, rest = _prefix(program, header)
    count = program.called(header) + (_statement(program, rest) if rest.strip() else 0)
    outer = min(program.frames[-1].outer * rounds, CAP)
    program.tally.rounds = max(program.tally.rounds, outer)
    return Frame("block", "", rounds, outer, count, program.frames[-1].local)


def _close(program: Program, frame: Frame) -> None:
    if frame.kind in ("gate", "def"):
        program.define(frame.name, frame.count, frame.depth)
        if frame.kind == "def":
            program.subroutines.add(frame.name)
        return
    floor = 1 if frame.rounds > 1 else 0
    count = min(max(frame.count, floor) * frame.rounds, CAP)
    outer = program.frames[-1]
    outer.count = min(outer.count + count, CAP)
    outer.depth = max(outer.depth, frame.depth)


def _prefix(program: Program, text: str) -> tuple[int, str]:
    """Take if, else, for and while off the front; return the rounds and what is left."""
    rounds = 1
    for _ in range(CHAIN):
        head = loops.PREFIX.match(text)
        if head is None:
            return rounds, text
        word, text = head[1], text[head.end() :]
        if word == "for":
            loop, text = loops.read_for(text, program.tally, program.value, program.mentioned)
            program.hide([loop.variable])
            rounds *= loop.rounds
        elif word in ("case", "default", "box"):
            return rounds, ""  # a label or a duration
        elif word in ("if", "while", "switch"):
            condition, text = loops.parenthesis(text)
            if word == "while":
                rounds *= WHILE
                if not loops.VARIES.search(condition):
                    program.tally.fault("loops", "a while loop whose condition is constant")
        rounds = min(max(rounds, 1), CAP)
    program.tally.fault("statements", f"more than {CHAIN} branches and loops without braces")
    return rounds, ""


def _statement(program: Program, text: str) -> int:
    """Return what a statement costs, at most."""
    stripped = text.strip()
    if not stripped:
        return 0
    rounds, rest = _prefix(program, stripped)
    if rounds > 1:
        program.tally.rounds = max(program.tally.rounds, rounds)
    if len(rest) != len(stripped):
        return min(rounds * max(_statement(program, rest), 1) + program.called(stripped), CAP)
    if match := _REGISTER.match(rest):
        quantum = (match["old"] or match["new"]) in ("q", "qubit")
        size = program.value(match["count"] or match["size"] or "1", "sizes")
        initial = program.mentioned(rest) if "=" in rest else 0
        program.declare(match["name"] or match["called"], size, quantum)
        return initial
    if _CLASSICAL.match(rest):
        return _declare_classical(program, rest)
    word = _CALL.match(rest)
    if word and word[1] in ("OPENQASM", "include"):
        return 0
    if word and word[1] == "opaque":
        program.define((NAMES.findall(word[2]) or [""])[0], 1)
        return 0
    if word and word[1] == "let":
        name, _, value = word[2].partition("=")
        size = sum(program.registers.get(part, 0) for part in NAMES.findall(value))
        program.registers[name.strip()] = min(max(size, 1), CAP)
        return 0
    return _call(program, rest)


def _declare_classical(program: Program, text: str) -> int:
    before, _, after = text.partition("=")
    names = NAMES.findall(before)[-1:]
    size = 1
    for factor in _SIZE.findall(re.sub(r"\b\w*[^\W\d]\w*\b", "", before)):
        size = min(size * int(factor), CAP)
    program.tally.bits += size
    value = fold(after, program.constants, program.power).value if _CONST.match(text) else None
    if value is None or names[0] in program.blocked or names[0] in program.constants:
        program.hide(names)
    else:
        program.constants[names[0]] = value
    return 1 if "=" in text else 0


def _call(program: Program, text: str) -> int:
    """Return the cost of a gate call with its modifiers, a measurement or an assignment."""
    power, controls = 0, 0
    modifiers = 0
    while modifier := _MODIFIER.match(text):
        modifiers += 1
        if modifiers > CHAIN:
            program.tally.fault("modifiers", f"more than {CHAIN} modifiers of one gate")
            return CAP
        argument, text = loops.parenthesis(text[modifier.end() :])
        before, at, text = text.partition("@")
        if before.strip() or not at:
            program.tally.fault("modifiers", f"{modifier[1]} without @")
        if modifier[1] == "pow":
            exponent = abs(program.value(argument or "1", "modifiers"))
            power = min(max(power, 1) * (exponent + 1), CAP)
        elif modifier[1] != "inv":
            controls = min(controls + max(program.value(argument or "1", "modifiers"), 1), CAP)
    factor = max(CONTROLLED * controls, 1)
    if (measured := _MEASURE.match(text)) and not modifiers:
        return program.width(measured[1])
    match = _CALL.match(text.strip())
    if match is None or "=" in text or match[1] in ("return", "case"):
        cost = max(power, 1) * factor * program.mentioned(text)
        return min(cost + program.called(text), CAP)
    name, rest = match[1], match[2]
    if rest.startswith("("):
        arguments, rest = loops.parenthesis(rest)
        inner = program.called(arguments)
    else:
        inner = 0
    if rest.startswith("["):  # the duration of a delay
        rest = rest.partition("]")[2]
    count = 1 if name in _WORDS else program.call(name)
    operands = rest.replace("->", ",").split(",") if "‹" not in rest else [rest.partition("[")[0]]
    width = max(map(program.width, operands))
    if "‹" in rest:
        width = max(width, program.mentioned(rest))
    if power:  # some compilers repeat the gate, others make it a dense matrix
        count = max(min(count * power, CAP), 4 ** (min(len(operands), 30) + 1))
    return min(count * factor * width + inner, CAP)
