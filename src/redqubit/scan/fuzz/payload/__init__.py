"""Fuzz parsers of circuits and job payloads in workers that may die.

`fuzz_payloads` runs generated, mutated and hostile payloads through the parsers that
`targets.choose` finds installed, each in a forked child with limits on memory and time, and reports
crashes (FUZ-23), amplification (FUZ-24) and disagreements (FUZ-08) with the smallest input kept in
a corpus folder.
"""

from redqubit.scan.fuzz.payload.campaign import PayloadCampaign, Progress, fuzz_payloads
from redqubit.scan.fuzz.payload.targets import ALL, Target, choose
from redqubit.scan.fuzz.payload.worker import Bounds

__all__ = [
    "ALL",
    "Bounds",
    "PayloadCampaign",
    "Progress",
    "Target",
    "choose",
    "fuzz_payloads",
]
