"""Changes to payloads: token by token, length field by length field, key by key."""

from redqubit.scan.fuzz.payload.mutators.binary import mutate_qpy
from redqubit.scan.fuzz.payload.mutators.job import mutate_json
from redqubit.scan.fuzz.payload.mutators.tokens import mutate_text

__all__ = ["mutate_json", "mutate_qpy", "mutate_text"]
