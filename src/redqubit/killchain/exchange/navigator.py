"""Layers of the ATT&CK Navigator: format 4.5 written, 4.3 to 4.5 read.

The Navigator shows our techniques once it has the STIX bundle: open the bundle by its address as
domain ``redqubit-qml`` first, then the layers.

Source: layers/spec/v4.5/layerformat.md in the attack-navigator repository of MITRE.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from redqubit.core.errors import InputError, unknown
from redqubit.killchain.document import Document
from redqubit.killchain.exchange.fields import Fields
from redqubit.killchain.exchange.imported import title
from redqubit.killchain.exchange.stix_bundle import DOMAIN
from redqubit.killchain.exchange.text import as_json
from redqubit.killchain.model import KillChain, Maturity, Technique
from redqubit.killchain.query import sources_of

FORMAT: Final = "4.5"
READ: Final = ("4.3", "4.4", "4.5")
NAVIGATOR: Final = "5.1.0"
RAMP: Final = ("#efeaf7", "#cfc1e8", "#ad95d6", "#8a69c2", "#683fab", "#471b8c")  # one hue
NONE: Final = "#e6e6e6"


@dataclass(frozen=True)
class Marked:
    """What a layer says of one technique; ``tactic`` is empty where it holds for all of them."""

    technique: str
    tactic: str = ""
    score: float | None = None
    comment: str = ""
    enabled: bool = True


@dataclass(frozen=True)
class Layer:
    """A layer that was read."""

    name: str
    domain: str
    version: str
    description: str = ""
    marked: tuple[Marked, ...] = ()

    @property
    def scores(self) -> Mapping[str, float]:
        """Return the score of each technique that has one, the highest over its tactics."""
        found: dict[str, float] = {}
        for item in self.marked:
            if item.score is not None:
                found[item.technique] = max(item.score, found.get(item.technique, item.score))
        return found


def write(chain: KillChain, bundle: str = "") -> str:
    """Return the layers that need nothing but the kill chain: coverage and maturity.

    Parameters
    ----------
    bundle
        Address of the STIX bundle of this kill chain, for the Navigator to load with the layers.

    Raises
    ------
    InputError
        The address does not start with ``https://`` or ``http://``.
    """
    return text(coverage(chain, bundle), maturity(chain, bundle))


def text(*layers: dict[str, Any]) -> str:
    """Return one layer as a file, or several in one."""
    return as_json(layers[0] if len(layers) == 1 else list(layers))


def coverage(chain: KillChain, bundle: str = "") -> dict[str, Any]:
    """Return the layer of how many attacks of redqubit execute each technique."""
    attacks: dict[str, list[str]] = {}
    for item in chain.executables:
        if item.kind == "attack":
            attacks.setdefault(item.id, []).append(item.name)
    techniques = []
    for technique in chain.techniques:
        names = attacks.get(technique.id, [])
        comment = f"executed by {', '.join(names)}" if names else "not executed by redqubit"
        techniques.append(_technique(chain, technique, len(names), comment))
    most = max(map(len, attacks.values()), default=1)
    return _layer(
        chain,
        "redqubit coverage",
        "How many attacks of redqubit execute each technique",
        techniques,
        (NONE, RAMP[-1]),
        (0, most),
        {"not executed": NONE, f"executed by {most}": RAMP[-1]},
        bundle,
    )


def maturity(chain: KillChain, bundle: str = "") -> dict[str, Any]:
    """Return the layer of how far each technique has come, from 0 (proposed) to 5 (incident)."""
    ladder = get_args(Maturity)
    techniques = [
        _technique(chain, item, ladder.index(item.maturity), item.maturity)
        for item in chain.techniques
    ]
    return _layer(
        chain,
        "redqubit maturity",
        "How far each technique has come: " + ", ".join(ladder),
        techniques,
        RAMP,
        (0, len(ladder) - 1),
        dict(zip(ladder, RAMP, strict=True)),
        bundle,
    )


def feasibility(
    chain: KillChain,
    verdicts: Mapping[str, tuple[bool, str]],
    bundle: str = "",
    name: str = "redqubit feasibility",
) -> dict[str, Any]:
    """Return the layer of what an attacker can do on a pipeline.

    Parameters
    ----------
    verdicts
        By id of the technique: whether it is feasible, and why or why not.
    """
    _check(chain, verdicts)
    techniques = [
        _technique(chain, item, int(verdicts[item.id][0]), verdicts[item.id][1])
        for item in chain.techniques
        if item.id in verdicts
    ]
    return _layer(
        chain,
        name,
        "Which techniques the attacker can carry out on the pipeline, and why",
        techniques,
        (NONE, RAMP[-1]),
        (0, 1),
        {"not feasible": NONE, "feasible": RAMP[-1]},
        bundle,
    )


def measured(
    chain: KillChain,
    rates: Mapping[str, tuple[float, float, float, int]],
    bundle: str = "",
    name: str = "redqubit measured success",
) -> dict[str, Any]:
    """Return the layer of measured success in percent; what was not measured has no score.

    Parameters
    ----------
    rates
        By id of the technique: success rate, ends of its 95 % interval (0 to 1) and samples.
    """
    _check(chain, rates)
    techniques = []
    for item in chain.techniques:
        if item.id in rates:
            rate, low, high, samples = rates[item.id]
            if not 0 <= low <= rate <= high <= 1:
                raise InputError(
                    f"{item.id}: a rate lies in its interval within 0 to 1, got {rate} in "
                    f"[{low}, {high}]"
                )
            comment = f"{rate:.1%} (95 % interval {low:.1%} to {high:.1%}, n = {samples})"
            metadata = {"interval": f"{low:.4f} to {high:.4f}", "samples": str(samples)}
            techniques.append(_technique(chain, item, round(100 * rate, 2), comment, metadata))
    return _layer(
        chain,
        name,
        "Success of attacks in percent, measured by redqubit",
        techniques,
        RAMP,
        (0, 100),
        {"0 %": RAMP[0], "100 %": RAMP[-1]},
        bundle,
    )


def _check(chain: KillChain, ids: Mapping[str, Any]) -> None:
    known = {item.id for item in chain.techniques}
    for name in ids:
        if name not in known:
            raise unknown("technique", name, known)


def _technique(
    chain: KillChain,
    item: Technique,
    score: float,
    comment: str,
    metadata: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    said = {"maturity": item.maturity, "components": ", ".join(item.components), **(metadata or {})}
    return {
        "techniqueID": item.id,
        "score": score,
        "comment": comment,
        "enabled": True,
        "metadata": [{"name": name, "value": value} for name, value in said.items() if value],
        "links": [
            {"label": title(source), "url": source.link}
            for source in sources_of(chain, item.id)
            if source.link
        ],
        "showSubtechniques": any(other.parent == item.id for other in chain.techniques),
    }


def _layer(
    chain: KillChain,
    name: str,
    description: str,
    techniques: list[dict[str, Any]],
    colors: tuple[str, ...],
    span: tuple[float, float],
    legend: Mapping[str, str],
    bundle: str,
) -> dict[str, Any]:
    if bundle and not re.match(r"https?://\S+$", bundle):
        raise InputError(f"the address of a bundle starts with https://, got {bundle!r:.80}")
    made: dict[str, Any] = {
        "name": name,
        "versions": {"attack": chain.edition.content, "navigator": NAVIGATOR, "layer": FORMAT},
        "domain": DOMAIN,
        "description": description,
    }
    if bundle:
        made["customDataURL"] = bundle
    return made | {
        "sorting": 0,
        "layout": {
            "layout": "side",
            "showID": True,
            "showName": True,
            "showAggregateScores": False,
            "countUnscored": False,
            "aggregateFunction": "max",
            "expandedSubtechniques": "none",
        },
        "hideDisabled": False,
        "techniques": techniques,
        "gradient": {"colors": list(colors), "minValue": span[0], "maxValue": span[1]},
        "legendItems": [{"label": label, "color": color} for label, color in legend.items()],
        "metadata": [
            {"name": "kill chain", "value": chain.edition.name},
            {"name": "edition", "value": chain.edition.content},
            {"name": "license", "value": chain.edition.license},
        ],
        "links": [],
        "showTacticRowBackground": False,
        "tacticRowBackground": "#dddddd",
        "selectTechniquesAcrossTactics": True,
        "selectSubtechniquesWithParent": False,
        "selectVisibleTechniques": False,
    }


def read(source: Document) -> tuple[Layer, ...]:
    """Read a file of one layer or a list of them.

    Raises
    ------
    InputError
        Another format version, a missing key, a wrong type or a technique twice under the same
        tactic; the message names file, line and key.
    """
    if isinstance(source.data, list):
        layers = list(Fields(source, {"": source.data}).each(""))
    else:
        layers = [Fields.root(source)]
    return tuple(map(_read, layers))


def _read(item: Fields) -> Layer:
    versions = item.part("versions")
    version = (versions or item).text("layer" if versions else "version")
    if version not in READ:
        message = str(unknown("layer format", version, READ))
        raise item.error(message, "versions.layer" if versions else "version")
    marked: dict[tuple[str, str], Marked] = {}
    for entry in item.each("techniques"):
        enabled = entry.flag("enabled") if "enabled" in entry.data else True
        made = Marked(
            entry.text("techniqueID"),
            entry.text("tactic", ""),
            entry.number("score"),
            entry.text("comment", ""),
            enabled,
        )
        if (made.technique, made.tactic) in marked:
            raise entry.error(f"{made.technique} is given twice", "techniqueID")
        marked[made.technique, made.tactic] = made
    return Layer(
        item.text("name"),
        item.text("domain"),
        version,
        item.text("description", ""),
        tuple(marked.values()),
    )
