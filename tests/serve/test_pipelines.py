import pytest
import yaml

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.serve.page import Site
from redqubit.serve.pipelines import examples, read

PLAIN = {"name": "mine", "components": {"C1": {"party": "user"}}}


def test_six_examples_ship(chain):
    """Each is valid, has a description, and lists attackers."""
    found = examples(chain)
    assert len(found) == 6
    assert all(item.example and item.pipeline.description for item in found)
    assert all(item.pipeline.actors for item in found)


def test_descriptions_are_found_beside_runs(chain, tmp_path):
    """Descriptions in the folder and in folders of runs are read; other files are passed over."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "pipeline.yaml").write_text(yaml.safe_dump(PLAIN | {"name": "inner"}))
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(PLAIN))
    (tmp_path / "other.yaml").write_text("kind: !!python/object:os.system {}\n")
    (tmp_path / "list.yml").write_text("- 1\n")
    found = read(tmp_path, chain)
    assert [(item.id, item.pipeline.name) for item in found] == [
        ("mine", "mine"),
        ("run/pipeline", "inner"),
    ]
    site = Site(chain, pipelines=found)
    assert [item.example for item in site.described] == [True] * 6 + [False] * 2


def test_a_mistake_names_file_line_and_key(chain, tmp_path):
    """An unknown component is refused with the known names, and broken YAML by its line."""
    path = tmp_path / "pipeline.yaml"
    path.write_text("name: mine\ncomponents:\n  C99: {party: user}\n")
    with pytest.raises(InputError, match=r"pipeline\.yaml:3.*C99"):
        read(tmp_path, chain)
    path.write_text("name: [\n")
    with pytest.raises(InputError, match=r"pipeline\.yaml"):
        read(tmp_path, chain)


def test_examples_are_written_with_every_default(chain):
    """What the browser gets has every field, so that it needs no schema."""
    plain = record.to_json(examples(chain)[0].pipeline)
    assert plain["provider"]["reset"]
    assert plain["model"]["published"] in (True, False)
