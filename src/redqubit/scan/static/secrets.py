"""Tokens in text: the shapes providers use, and what sets them apart from placeholders."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from redqubit.scan.finding import Severity

_PLACEHOLDER: Final = re.compile(
    r"example|your|placeholder|dummy|fake|sample|redacted|changeme|change_me|insert|replace|my[_-]|"
    r"token[_-]?here|x{5,}|\*{3,}|\.{3}|<|>|\$\{|\{\{|todo|none|null|secret[_-]?key|not[_-]?a[_-]?real|"
    r"deadbeef|cafebabe|0123456789|123456789|abcdefgh|qwerty|lorem",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(
    r"(?:api|auth|access|secret|bearer|refresh|private|account|ibmq?|ionq|qbraid|dwave|leap|iqm|aqt|"
    r"rigetti|quantinuum|azure|aws|hub|service|user|session|runtime|cloud|quantum|pasqal|xanadu|oqc|"
    r"qcs|braket|google|gcp|nexus|provider|backend|device|solver|sapi|job|ci|deploy|admin|login|jwt|"
    r"sas|github|gitlab|hf|slack|wandb|mlflow|vault|registry|dashboard|signing|encryption|new|fresh|"
    r"old|current|saved|stored|personal)_?(?:api)?_?(?:key|token|secret)$"
    r"|^(?:apikey|api_token|token|password|passwd|passphrase|client_secret|credentials?|"
    r"auth_header|authorization|connection_string|conn_str)$|(?:^|_)(?:password|passwd|api_?key|"
    r"api_?token|secret_key|access_key|client_secret|private_key|connection_string)$",
    re.IGNORECASE,
)
_NO_SECRETS: Final = re.compile(
    r"^(?:new|old|current|user|device|backend|job|hub|cloud|quantum|ci|google|saved|stored|solver|registry)"
    r"_?key$",
    re.IGNORECASE,
)
_HASH: Final = re.compile(
    r"sha|md5|digest|hash|checksum|fingerprint|integrity|blake|commit|etag", re.IGNORECASE
)


_RUN: Final = re.compile(r"[A-Za-z0-9+/=_.~-]{16,}")
_MIXED: Final = re.compile(r"(?=.*\d.*\d)[^A-Za-z]*[A-Za-z][^A-Za-z]*[A-Za-z][^A-Za-z]*[A-Za-z]")
NEAR: Final = 400  # characters around a run that are looked at
_SURE: Final = ("hf_", "AKIA", "ASIA", "xox")


@dataclass(frozen=True, slots=True)
class Secret:
    """A token from offset ``start`` to ``end`` of a text; ``redacted`` shows four characters."""

    start: int
    end: int
    what: str
    redacted: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Shape:
    """How a provider's tokens look.

    One of ``hint`` (lower case) must stand on the line, or ``near`` on the line or the one above.
    Group ``t`` is the token.
    """

    what: str
    pattern: re.Pattern[str]
    hint: tuple[str, ...]
    near: re.Pattern[str] | None = None
    entropy: float = 3.0
    severity: Severity = "critical"


_IBM: Final = re.compile(
    r"ibm|qiskit|token|enable_account|save_account|api_?key|quantum", re.IGNORECASE
)
_TOKEN_WORD: Final = (
    r"(?:api|auth|access|secret|bearer|ibmq?|ionq|qbraid|dwave|leap|iqm|aqt|azure|quantum|cloud|account|"
    r"service|user|my|qx|q)?[_-]?(?:api|access|auth)?[_-]?(?:token|api[_-]?key|apikey|secret[_-]?key|password|"
    r"client[_-]?secret|access[_-]?key|auth[_-]?key|signing[_-]?key)"
)
_QUOTED: Final = r"[\"'](?P<t>[A-Za-z0-9+/=_.~-]{%s})[\"']"

SHAPES: Final = (
    Shape(
        "an IBM Quantum token of 128 hexadecimal digits",
        re.compile(r"(?<![0-9A-Za-z])(?P<t>[0-9a-f]{128})(?![0-9A-Za-z])"),
        ("ibm", "token", "enable_account", "save_account"),
        _IBM,
        3.3,
    ),
    Shape(
        "an IBM Cloud API key",
        re.compile(r"[\"'= ](?P<t>[A-Za-z0-9_-]{44})(?![A-Za-z0-9_=/+-])"),
        ("ibm", "runtimeservice", "save_account", "apikey", "api_key"),
        re.compile(
            r"token|api_?key|QiskitRuntimeService|save_account|ibm|\bkey\b|credential|premium|account",
            re.IGNORECASE,
        ),
        4.2,
    ),
    Shape(
        "a D-Wave API token",
        re.compile(r"(?<![A-Za-z0-9])(?P<t>[A-Z]{2,5}-[0-9a-f]{40})(?![0-9A-Za-z])"),
        ("dev-", "dwave", "d-wave", "leap", "sapi"),
        None,
        3.0,
    ),
    Shape(
        "an AWS access key",
        re.compile(r"(?<![A-Za-z0-9])(?P<t>(?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9])"),
        ("akia", "asia"),
        None,
        3.0,
    ),
    Shape(
        "an AWS secret key",
        re.compile(
            r"aws_?secret_?access_?key[\"'\]]*\s*[:=]\s*[\"']?(?P<t>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
            re.IGNORECASE,
        ),
        ("secret",),
        None,
        4.0,
    ),
    Shape(
        "an Azure Quantum connection string with its key",
        re.compile(
            r"SubscriptionId=[^;\s]+;(?:[^;\s]+;)*?ApiKey=(?P<t>[A-Za-z0-9+/=_-]{20,})",
            re.IGNORECASE,
        ),
        ("apikey=",),
        None,
        3.5,
    ),
    Shape(
        "an IonQ API key",
        re.compile(
            r"(?:apiKey\s+|ionq[^\n]{0,60}[\"'])(?P<t>[A-Za-z0-9]{32})(?![A-Za-z0-9])",
            re.IGNORECASE,
        ),
        ("ionq", "apikey "),
        None,
        3.5,
    ),
    Shape(
        "a GitHub token",
        re.compile(
            r"(?<![A-Za-z0-9])(?P<t>gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90})"
        ),
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        None,
        3.5,
    ),
    Shape(
        "a Hugging Face token",
        re.compile(r"(?<![A-Za-z0-9])(?P<t>hf_[A-Za-z]{34})(?![A-Za-z0-9])"),
        ("hf_",),
        None,
        3.5,
    ),
    Shape(
        "a token for a package index",
        re.compile(r"(?P<t>pypi-AgE[A-Za-z0-9_-]{50,})"),
        ("pypi-age",),
    ),
    Shape(
        "a Slack token",
        re.compile(r"(?<![A-Za-z0-9])(?P<t>xox[abprs]-[0-9A-Za-z-]{20,})"),
        ("xox",),
    ),
    Shape(
        "a Google API key",
        re.compile(r"(?<![A-Za-z0-9])(?P<t>AIza[0-9A-Za-z_-]{35})(?![0-9A-Za-z_-])"),
        ("aiza",),
        None,
        3.8,
    ),
    Shape(
        "a private key",
        re.compile(
            r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |ENCRYPTED )?PRIVATE KEY-----"
            r"[\s\\n\"']+(?P<t>[A-Za-z0-9+/=]{40,})"
        ),
        ("private key-----",),
        None,
        3.5,
    ),
    Shape(
        "a signed web token",
        re.compile(
            r"(?<![A-Za-z0-9])(?P<t>eyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{20,})"
        ),
        ("eyj",),
        None,
        4.0,
        "high",
    ),
    Shape(
        "a high-entropy text given as a token",
        re.compile(
            rf"(?<![A-Za-z0-9]){_TOKEN_WORD}[\"']?\]?\s*[:=,]\s*(?:str\s*=\s*)?"
            + _QUOTED % "20,200",
            re.IGNORECASE,
        ),
        ("token", "key", "secret", "password"),
        None,
        3.7,
        "high",
    ),
    Shape(
        "a high-entropy text given as a token",
        re.compile(
            r"(?:enable_account|save_account|IonQProvider|QiskitRuntimeService|IBMProvider|AQTProvider)\(\s*"
            + _QUOTED % "20,200"
        ),
        ("_account", "provider", "runtimeservice"),
        None,
        3.5,
    ),
    Shape(
        "a high-entropy text given as a token",
        re.compile(
            r"(?:bearer|apikey|token)\s+(?P<t>[A-Za-z0-9+/=_.~-]{24,200})(?=[\"'`\s]|$)",
            re.IGNORECASE,
        ),
        ("bearer ", "apikey ", "token "),
        re.compile(r"authorization|headers?\b|curl\b|bearer", re.IGNORECASE),
        3.9,
        "high",
    ),
    Shape(
        "a high-entropy text given as a token",
        re.compile(
            rf"{_TOKEN_WORD}[\"']?\]?\s*(?::[^=\n]{{1,40}})?=\s*(?:\w{{1,20}}\.)?"
            r"(?:Secret\w{0,12}|[Ff]ield|getenv|get|setdefault)\([^()\n]{0,60}?"
            + _QUOTED
            % "24,200",
            re.IGNORECASE,
        ),
        ("token", "key", "secret", "password"),
        None,
        3.9,
        "high",
    ),
    Shape(
        "a password in an address",
        re.compile(
            r"[a-z][a-z0-9+.-]{1,12}://[A-Za-z0-9_.~-]{1,64}:(?P<t>[A-Za-z0-9+=_.~!$-]{12,100})@"
        ),
        ("://",),
        None,
        3.2,
        "high",
    ),
    Shape(
        "a token in a settings file",
        re.compile(
            rf"^[ \t]*(?:export\s+)?[A-Z_]*{_TOKEN_WORD}\s*[:=]\s*"
            r"(?P<t>[A-Za-z0-9+/=_.~-]{24,200})[ \t]*$",
            re.IGNORECASE | re.MULTILINE,
        ),
        ("token", "key", "secret", "password"),
        None,
        3.9,
        "high",
    ),
)


def is_secret_name(name: str) -> bool:
    """Return whether a variable, attribute or key of this name holds a secret."""
    plain = name.strip("_-").replace("-", "_")
    return _WORDS.search(plain) is not None and not _NO_SECRETS.match(plain)


def find(text: str) -> Iterator[Secret]:
    """Yield the tokens of a text, each place once, the most specific shape first on a line."""
    for start, end in _lines(text):
        line = text[start:end]
        low = line.lower()
        taken: list[tuple[int, int]] = []
        for shape in SHAPES:
            if shape.near is None and not any(hint in low for hint in shape.hint):
                continue
            for match in shape.pattern.finditer(line):
                first, last = match.span("t")
                token = match["t"]
                if any(first < after and before < last for before, after in taken):
                    continue
                if _is_token(shape, token, text, start + first, start + last):
                    taken.append((first, last))
                    yield Secret(
                        start + first, start + last, shape.what, redact(token), shape.severity
                    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines that hold a long run of letters and digits; a key's body has its head.

    Of a very long line only what stands near the run is yielded.
    """
    limit = 0
    for match in _RUN.finditer(text):
        run = match[0]
        if match.start() < limit or not (_MIXED.search(run) or run.startswith(_SURE)):
            continue
        start = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        above = text.rfind("\n", 0, max(start - 1, 0)) + 1
        if "PRIVATE KEY-----" in text[above:start]:
            start = above
        start = max(start, match.start() - NEAR, limit)
        limit = min(end, match.end() + NEAR)
        yield start, limit


def _is_token(shape: Shape, token: str, text: str, start: int, end: int) -> bool:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    if "PRIVATE KEY" not in line and _PLACEHOLDER.search(token):
        return False
    body = token.rpartition("-")[2] if re.match(r"[A-Z]{2,5}-", token) else token
    if entropy(body) < shape.entropy or regular(body):
        return False
    if shape.near is not None:
        above = text.rfind("\n", 0, max(line_start - 1, 0)) + 1
        if not shape.near.search(text[above:line_start] + line.replace(token, "")):
            return False
    if re.fullmatch(r"[0-9a-f]+", token) and _HASH.search(line.replace(token, "")):
        return False
    generic = "high-entropy" in shape.what or "settings" in shape.what or "Cloud" in shape.what
    return not generic or _mixed(token)


def _mixed(token: str) -> bool:
    """Return whether letters and digits are mixed as in no identifier, path or sentence."""
    digits = sum(letter.isdigit() for letter in token)
    letters = sum(letter.isalpha() for letter in token)
    if digits < 3 or letters < 3 or token.count("/") > len(token) / 12 or token.count(".") > 2:
        return False
    if re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", token, re.IGNORECASE):
        return True
    words = re.findall(r"[a-z]{6,}|[A-Z]{6,}", token)
    return sum(map(len, words)) < len(token) / 2


def entropy(text: str) -> float:
    """Return the Shannon entropy of a text's characters in bits each."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def regular(text: str) -> bool:
    """Return whether a text repeats itself, counts up, or hardly varies."""
    if (text + text).find(text, 1) < len(text):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(text)]
    same = sum(step in {-1, 0, 1} for step in steps)
    return bool(steps) and same > len(steps) * 0.5


def redact(token: str) -> str:
    """Return the first characters of a token and its length."""
    shown = 4 if len(token) >= 16 else 2
    return f"{token[:shown]}..., {len(token)} characters"
