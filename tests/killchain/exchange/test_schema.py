"""The schemas accept all that loads and refuse what does not."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain import document
from redqubit.killchain.exchange import schema
from redqubit.killchain.load import DATA, KINDS
from redqubit.killchain.system import Pipeline

EXAMPLES = sorted((Path(__file__).parents[3] / "examples" / "pipelines").rglob("*.yaml"))
PIPELINE: dict[str, Any] = {
    "name": "hybrid QNN",
    "components": {"C4": {"party": "owner"}, "C14": {"party": "owner", "trust": "untrusted"}},
    "model": {"family": "QNN", "qubits": 4, "shots": None},
    "provider": {"error_mitigation": ["readout correction"], "pulse_access": True},
    "dependencies": [{"name": "qiskit", "version": "2.0", "pinned": True}],
    "mitigations": ["QML.M0003"],
    "actors": [{"actor": "api-client", "money": 100.0, "capabilities": ["query-access"]}],
}


def valid(name: str, data: Any) -> bool:
    return bool(Draft202012Validator(schema.schema(name)).is_valid(data))


@pytest.mark.parametrize("name", schema.NAMES)
def test_each_schema_is_a_schema(name):
    """Draft 2020-12 accepts every schema, and its text is JSON that reads as itself."""
    Draft202012Validator.check_schema(schema.schema(name))
    assert document.parse(schema.write(name), name, "json").data == schema.schema(name)


@pytest.mark.parametrize("name", KINDS)
def test_every_shipped_file_is_valid(name):
    """The files of the kill chain satisfy the schema of their kind."""
    layout = KINDS[name].layout
    files = [DATA / f"{name}.yaml"] if layout == "list" else sorted((DATA / name).iterdir())
    checker = Draft202012Validator(schema.schema(name))
    for path in files:
        checker.validate(document.read(path).data)


def test_the_edition_is_valid():
    """So does the file that names the edition."""
    Draft202012Validator(schema.schema("edition")).validate(
        document.read(DATA / "edition.yaml").data
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_pipeline_is_valid(path):
    """The example pipelines satisfy the schema of a pipeline."""
    Draft202012Validator(schema.schema("pipeline")).validate(document.read(path).data)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_kill_chain_is_valid(chains, data):
    """Whatever the texts and choices, the whole document satisfies its schema."""
    Draft202012Validator(schema.schema()).validate(record.to_json(data.draw(chains)))


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value."""
    found = [path] if path else []
    if not isinstance(data, dict | list):
        return found
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        found += places(value, (*path, key))
    return found


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a copy with one value replaced, or gone if the value is ``...``."""
    made = copy.deepcopy(data)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made


JUNK = st.sampled_from(
    [..., None, True, 0, -1, 1.5, "", "x", "none found", [], ["x"], {}, {"x": 1}]
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_pipeline_is_valid_exactly_if_it_loads(data):
    """Schema and loader agree on any change but to ids, which the loader looks up later."""
    path = data.draw(st.sampled_from(places(PIPELINE)))
    made = changed(PIPELINE, path, data.draw(JUNK))
    try:
        record.from_json(Pipeline, made)
    except InputError:
        assert not valid("pipeline", made)
    else:
        ids = {"party", "actor", "mitigations", "capabilities", "without"} & set(map(str, path))
        assert valid("pipeline", made) or ids


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_changed_object_is_valid_exactly_if_it_loads(sample, data):
    """Schema and loader agree on the shape of objects too."""
    name = data.draw(st.sampled_from(["techniques", "mitigations", "evidence", "cases", "claims"]))
    plain = record.to_json(getattr(sample, name)[0])
    path = data.draw(st.sampled_from(places(plain)))
    made = changed(plain, path, data.draw(JUNK))
    cost = "cost" in path  # whose ranges must rise, which no schema can say
    try:
        record.from_json(KINDS[name].cls, made)
    except InputError:
        assert not valid(name, made) or cost
    else:
        ids = {field for _, field in schema.REFERENCES} | {"id", "all", "any", "requires"}
        assert valid(name, made) or ids & set(path)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("techniques", {"id": "QML.T1"}),
        ("techniques", {"tactics": ["QML.T0001"]}),
        ("techniques", {"requires": {"all": ["Not A Word"]}}),
        ("techniques", {"requires": {"all": [{"none": ["held"]}]}}),
        ("techniques", {"evidence": "none"}),
        ("techniques", {"cost": {"basis": "", "skill": "low", "shots": [1, 2, 3]}}),
        ("mitigations", {"mitigates": [{"technique": "QML.T0002"}]}),
        ("evidence", {"value": "much"}),
        ("evidence", {"qubits": 1.5}),
        ("cases", {"steps": []}),
        ("cases", {"command": "run it"}),
        ("cases", {"sources": []}),
    ],
)
def test_mistakes_are_invalid(sample, name, changes):
    """Ids of the wrong form, unknown words and missing parts do not pass."""
    plain = record.to_json(getattr(sample, name)[0])
    assert valid(name, plain)
    assert not valid(name, plain | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"arxiv": "", "doi": "", "url": ""},
        {"arxiv": "20010.30"},
        {"doi": "doi:10.1103/x"},
        {"url": "http://example.org"},
        {"authors": []},
        {"title": ""},
        {"year": "2020"},
    ],
)
def test_a_source_without_identifier_is_invalid(sample, changes):
    """The rules that a source checks for itself are in the schema too."""
    plain = record.to_json(sample.sources[0])
    assert valid("sources", [plain])
    assert not valid("sources", [plain | changes])


def test_an_unknown_schema_names_the_near_miss():
    """A misspelled name is refused with the one that was meant."""
    with pytest.raises(InputError, match="did you mean 'techniques'"):
        schema.write("technique")
