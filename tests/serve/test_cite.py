import re

from redqubit.serve.cite import citation


def test_a_citation_names_entry_and_edition(chain):
    """The sentence and the BibTeX entry both carry id, name and edition."""
    found = citation(chain.edition, "QML.T0010", "Gradient-based input perturbation")
    for text in (found.plain, found.bibtex):
        assert "CC BY 4.0" in text
        assert "QML.T0010 Gradient-based input perturbation" in text
        assert chain.edition.content in text
    assert re.match(r"@misc\{redqubit[\w-]+,\n", found.bibtex)


def test_bibtex_escapes_what_latex_would_run(chain):
    """Braces, percent signs and backslashes in a name stay text."""
    found = citation(chain.edition, "QML.T0001", r"50 % of {x} \input{y}").bibtex
    assert r"50 \% of " in found
    assert "{x}" not in found
    assert r"\input{" not in found


def test_keys_differ_between_entries(chain):
    """Two entries never share a key, sub-techniques neither."""
    keys = {
        citation(chain.edition, item.id, item.name).bibtex.split(",")[0]
        for item in (*chain.techniques, *chain.mitigations)
    }
    assert len(keys) == len(chain.techniques) + len(chain.mitigations)
