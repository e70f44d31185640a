"""The words of the kill chain: what each means and where it is used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redqubit.serve.page import Page, Site


def pages(site: Site) -> Iterator[Page]:
    """Yield the one page of the vocabulary."""
    yield site.html(
        "vocabulary.html",
        "vocabulary.html",
        "Vocabulary",
        lambda: _context(site),
        scripts=("static/list.js",),
    )


def _context(site: Site) -> Mapping[str, Any]:
    chain, index = site.chain, site.index
    kinds = [
        ("capability", "Capabilities", "What an attacker can hold.", chain.capabilities),
        ("trait", "Traits", "Properties of a pipeline that decide what applies.", chain.traits),
        ("actor", "Actors", "Who attacks, and what that position gives.", chain.actors),
        ("component", "Components", "The pipeline, from raw data to answers.", chain.components),
        ("asset", "Assets", "What can be hurt.", chain.assets),
        ("party", "Parties", "Who runs a part of the pipeline.", chain.parties),
    ]
    uses = {
        "capability": (("granted by", index.granted_by), ("required by", index.required_by)),
        "trait": (("asked for by", index.applies_by),),
        "actor": (("techniques", index.by_actor),),
        "component": (("techniques", index.on_component),),
        "asset": (("techniques", index.on_asset),),
        "party": (),
    }
    names = [name for _, name, _, _ in kinds]
    return {
        "kinds": kinds,
        "uses": uses,
        "facets": [("kind", "Kind", names)],
        "words": {item.id: item for item in chain.capabilities},
    }
