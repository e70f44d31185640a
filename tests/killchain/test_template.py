"""A template, filled in, is an object that the loader accepts and the lint calls unfinished."""

import shutil

import pytest

from redqubit import killchain
from redqubit.core.errors import InputError
from redqubit.killchain.lint import lint
from redqubit.killchain.load import DATA
from redqubit.killchain.template import KINDS, template

CHAIN = killchain.load()


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_has_a_free_id(kind):
    """The next number of its kind is proposed, so nothing is overwritten."""
    identifier, text = template(kind, CHAIN)
    assert identifier not in CHAIN.by_id
    assert f"id: {identifier}" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_reads_and_waits_to_be_finished(kind, tmp_path):
    """Dropped into the data, a template breaks no schema, but every TODO is an error."""
    identifier, text = template(kind, CHAIN)
    shutil.copytree(DATA, tmp_path / "data")
    text = text.replace("source: TODO ", f"source: {CHAIN.sources[0].id} ")
    text = text.replace("sources: [] ", f"sources: [{CHAIN.sources[0].id}] ")
    place = tmp_path / "data" / KINDS[kind][0] / f"{identifier}.yaml"
    place.write_text(text)
    found = [item for item in lint(tmp_path / "data") if identifier in item.place]
    assert {item.rule for item in found if item.level == "error"} >= {"text-is-plain"}
    assert "schema" not in {item.rule for item in found}


def test_an_unknown_kind_is_refused():
    """The near miss is named."""
    with pytest.raises(InputError, match="did you mean 'technique'"):
        template("techniqe", CHAIN)
