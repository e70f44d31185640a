"""Keeps models that were loaded."""

from models import Classifier

_cache = {}


def model(name, weights):
    if name not in _cache:
        _cache[name] = Classifier(weights)
    return _cache[name]
