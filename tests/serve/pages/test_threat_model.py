from dataclasses import fields, is_dataclass
from typing import get_type_hints

from redqubit.killchain import interview
from redqubit.killchain.system import Pipeline
from redqubit.serve.pages import threat_model
from redqubit.serve.pipelines import examples


def test_the_form_has_every_field(texts):
    """Each field of a pipeline and its parts has an element of that name."""
    page = texts["threat-model.html"]
    for name, hint in get_type_hints(Pipeline).items():
        if is_dataclass(hint):
            for part in fields(hint):
                assert f'name="{name}.{part.name}"' in page
    for name in ("name", "description", "dependencies", "mitigations"):
        assert f'name="{name}"' in page


def test_questions_are_those_of_the_interview():
    """What an interview asks is asked in the same words, with the same options."""
    asked = {question.field: question for question in interview.questions()}
    for _, group in threat_model.form():
        for entry in group:
            assert entry.label.endswith("?")
            if entry.path in asked and entry.kind == "choice":
                assert entry.label == asked[entry.path].text
                assert entry.options == asked[entry.path].options


def test_every_component_actor_and_mitigation_can_be_chosen(texts, chain):
    """The form offers everything the kill chain knows."""
    page = texts["threat-model.html"]
    for item in chain.components:
        assert f'name="components.{item.id}.party"' in page
    for item in chain.actors:
        assert f'name="actors.{item.id}"' in page
        for key in ("knowledge", "skill", "queries", "money", "capabilities", "without"):
            assert f'name="actors.{item.id}.{key}"' in page
    for item in chain.mitigations:
        assert f'value="{item.id}"' in page


def test_examples_are_judged_without_scripts(texts, chain):
    """The page tells facts, traits and what each attacker can do on every example."""
    page = texts["threat-model.html"]
    for item in examples(chain):
        found = threat_model.judge(item, chain)
        assert found.traits
        assert found.facts
        assert all(f"<td>{question}</td>" in page for question, _ in found.facts)
        assert [mind for mind, _ in found.reach] == list(item.pipeline.actors)


def test_only_what_differs_from_a_blank_form_is_a_fact():
    """A pipeline of defaults has no facts; an answer that is no default is one."""
    blank = Pipeline("blank", {})
    assert list(threat_model.facts(blank)) == []
