"""The package's names."""

from __future__ import annotations

import importlib

import pytest

from redqubit import models


def test_every_listed_name_is_there():
    """Each public name of the package is imported on first use."""
    for name in models.__all__:
        assert getattr(models, name).__name__.split(".")[-1] == name


def test_names_do_not_hide_modules():
    """After importing every module of the package, its names still mean the same."""
    before = {name: getattr(models, name) for name in models.__all__}
    for home in {*models._HOMES.values()}:
        importlib.import_module(f"redqubit.models.{home}")
    assert {name: getattr(models, name) for name in models.__all__} == before


def test_unknown_names_are_attribute_errors():
    """A name that is not there is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no attribute 'QMM'"):
        _ = models.QMM
