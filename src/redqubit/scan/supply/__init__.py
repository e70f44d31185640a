"""The supply chain: dependencies, model and job files, manifests and bills of materials."""

from __future__ import annotations

from redqubit.scan.supply.check import IDS, check

__all__ = ["IDS", "check"]
