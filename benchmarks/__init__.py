"""Speed of the engine beside its peers: same work, same precision, same core, same process.

Run ``python -m benchmarks --help`` from the root of the repository.
"""
