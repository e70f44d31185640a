"""Which techniques of the kill chain a rule or oracle guards against, by permanent ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_DESERIALIZATION: Final = "QML.T0123"
_CIRCUIT_TEXT: Final = "QML.T0122"
_PARSER: Final = "QML.T0121"
_TOKEN: Final = "QML.T0124"
_CHECKPOINT: Final = "QML.T0153"
_PARAMETERS: Final = "QML.T0239"
_WRAP_AROUND: Final = "QML.T0213"
_COST: Final = "QML.T0243"
_EXHAUSTION: Final = "QML.T0251"
_RELEASE: Final = "QML.T0120.002"

OF: Final[Mapping[str, tuple[str, ...]]] = {
    "DEP-01": (_DESERIALIZATION, _PARSER),
    "DEP-02": (_RELEASE,),
    "DEP-03": ("QML.T0120.001",),
    "DEP-04": (_PARSER,),
    "DEP-05": ("QML.T0120",),
    "DEP-06": (_RELEASE,),
    "DES-01": (_DESERIALIZATION,),
    "DES-02": (_DESERIALIZATION,),
    "DES-03": (_DESERIALIZATION, _PARSER),
    "DES-04": (_DESERIALIZATION,),
    "DES-05": (_DESERIALIZATION,),
    "DES-06": (_CIRCUIT_TEXT,),
    "DES-07": (_CIRCUIT_TEXT, _DESERIALIZATION),
    "DES-08": (_DESERIALIZATION,),
    "DES-09": (_DESERIALIZATION,),
    "DES-10": ("QML.T0111", "QML.T0112", "QML.T0125"),
    "DES-11": (_DESERIALIZATION,),
    "DES-12": (_CIRCUIT_TEXT,),
    "ENC-01": (_WRAP_AROUND, "QML.T0215"),
    "ENC-02": (_WRAP_AROUND,),
    "ENC-03": (_EXHAUSTION,),
    "ENC-04": (_EXHAUSTION,),
    "FUZ-08": (_CIRCUIT_TEXT,),
    "FUZ-14": (_WRAP_AROUND,),
    "FUZ-18": (_WRAP_AROUND, "QML.T0215"),
    "FUZ-22": (_EXHAUSTION,),
    "FUZ-23": (_PARSER,),
    "FUZ-24": (_EXHAUSTION,),
    "MOD-01": (_DESERIALIZATION, "QML.T0112"),
    "MOD-02": (_DESERIALIZATION, _PARSER),
    "MOD-03": (_DESERIALIZATION,),
    "MOD-04": (_DESERIALIZATION,),
    "MOD-05": (_CHECKPOINT,),
    "MOD-06": (_EXHAUSTION, "QML.T0142"),
    "RUN-01": (_COST, _EXHAUSTION),
    "RUN-02": (_COST, "QML.T0241"),
    "RUN-03": ("QML.T0234",),
    "RUN-04": ("QML.T0236",),
    "RUN-05": ("QML.T0234",),
    "RUN-06": ("QML.T0161",),
    "SEC-01": (_TOKEN, "QML.T0105"),
    "SEC-02": (_TOKEN,),
    "SEC-03": (_TOKEN,),
    "SEC-04": ("QML.T0125",),
    "SEC-05": ("QML.T0125",),
    "SEC-06": ("QML.T0126",),
    "VAR-01": (_CHECKPOINT, _PARAMETERS),
    "VAR-02": ("QML.T0238", _PARAMETERS),
    "VAR-03": (_COST,),
    "VAR-04": ("QML.T0215",),
    "VAR-06": (_PARAMETERS,),
    "VAR-07": (_CHECKPOINT,),
}


def guarded(rule: str) -> tuple[str, ...]:
    """Return the ids of the techniques a rule guards against, none for a mere mistake."""
    return OF.get(rule, ())
