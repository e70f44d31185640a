import json
from dataclasses import replace

from redqubit.killchain.path import Goal
from redqubit.serve.pages import paths
from redqubit.serve.pipelines import examples


def test_paths_are_written_out_for_each_example(texts, chain):
    """Without scripts, the page tells the steps of the attacker who needs the most."""
    page = texts["paths.html"]
    assert page.count('<ol class="sentences">') >= 6
    for item in examples(chain):
        assert item.pipeline.name in page


def test_the_attacker_with_the_longest_way_is_told(site):
    """Of the attackers of an example, the one whose cheapest path has the most steps."""
    goal = Goal("training-data", "confidentiality")
    for item in examples(site.chain):
        told = paths.tell(site, item, goal)
        assert told is None or told.answer.paths[0].steps
    nobody = replace(item, pipeline=replace(item.pipeline, actors=()))
    assert paths.tell(site, nobody, goal) is None


def test_the_search_gets_pipelines_and_facts(texts, chain):
    """Both scripts hold one assignment each, readable as JSON."""
    for name, wanted in (("pipelines", {item.id for item in examples(chain)}), ("reason", None)):
        start = f"redqubit.data.{name} = "
        text = texts[f"data/{name}.js"]
        found = json.loads(text[text.index(start) + len(start) :].rstrip().rstrip(";"))
        assert wanted is None or set(found) == wanted
