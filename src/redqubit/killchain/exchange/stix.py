"""STIX 2.1 bundles: ours written, ours and those of ATT&CK, ATLAS and their like read."""

from redqubit.killchain.exchange.stix_bundle import DOMAIN, bundle, identifier, write
from redqubit.killchain.exchange.stix_reading import read

__all__ = ["DOMAIN", "bundle", "identifier", "read", "write"]
