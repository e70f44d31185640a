"""The cheapest attack paths: searched in the browser, and a few of them written out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from redqubit.core import record
from redqubit.killchain.feasible import Scene
from redqubit.killchain.path import PROTECTIONS, Answer, Goal, Routes
from redqubit.killchain.system import Attacker, Pipeline
from redqubit.serve import reason
from redqubit.serve.page import Page, Site, data
from redqubit.serve.pipelines import Described

GOAL: Final = Goal("results", "integrity")
SHOWN: Final = 3
SCRIPTS: Final = (
    "data/reason.js",
    "data/pipelines.js",
    "static/list.js",
    "static/reason.js",
)


@dataclass(frozen=True)
class Told:
    """An example with the paths of one of its attackers."""

    described: Described
    attacker: Attacker
    answer: Answer


def pages(site: Site) -> Iterator[Page]:
    """Yield the page and what its search reads."""
    yield site.html(
        "paths.html",
        "paths.html",
        "Paths",
        lambda: _context(site),
        scripts=(*SCRIPTS, "static/layers.js", "static/paths.js"),
    )
    yield Page("data/reason.js", lambda: data("reason", reason.facts(site.chain, site.measured)))
    yield Page(
        "data/pipelines.js",
        lambda: data("pipelines", {item.id: _plain(item.pipeline) for item in site.described}),
    )


def _plain(pipeline: Pipeline) -> Any:
    """Return a pipeline as the data its file would hold, with every default written out."""
    return record.to_json(pipeline)


def _context(site: Site) -> Mapping[str, Any]:
    examples = [item for item in site.described if item.example]
    return {
        "examples": examples,
        "own": site.pipelines,
        "protections": PROTECTIONS,
        "goal": GOAL,
        "told": [told for item in examples if (told := tell(site, item))],
        "by_id": site.chain.by_id,
        "words": site.chain.words,
    }


def tell(site: Site, described: Described, goal: Goal = GOAL) -> Told | None:
    """Return the cheapest paths of the attacker of a pipeline who must take the most steps."""
    best: Told | None = None
    for attacker in described.pipeline.actors:
        routes = Routes(Scene(attacker, described.pipeline, site.chain))
        told = Told(described, attacker, routes.cheapest(goal, SHOWN))
        if _steps(told) > _steps(best):
            best = told
    return best


def _steps(told: Told | None) -> int:
    return len(told.answer.paths[0].steps) if told and told.answer.paths else 0
