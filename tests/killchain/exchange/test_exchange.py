"""Every format in the table keeps its word, and none breaks on a damaged or hostile document."""

import copy
import hashlib
import os
import subprocess
import sys
import time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redqubit.core.errors import InputError
from redqubit.killchain import document, exchange
from redqubit.killchain.exchange import FORMATS, PIPELINE_FORMATS
from redqubit.killchain.exchange.text import as_json, as_yaml
from redqubit.killchain.system import Pipeline, Placement

WRITTEN = [item for item in FORMATS if item.write]
READ = [item for item in FORMATS if item.read]
BOTH = [item for item in FORMATS if item.write and item.read]


def by_name(item):
    return item.name


def test_the_table_is_complete():
    """Names differ, titles and suffixes are there, and what is lost is said in sentences."""
    assert len({item.name for item in FORMATS}) == len(FORMATS)
    for item in FORMATS:
        assert item.title
        assert item.suffix.startswith(".")
        assert item.write or item.read
        for sentence in (item.holds, *item.loses):
            assert sentence[0].isupper()
            assert sentence.endswith(".")


@pytest.mark.parametrize("item", WRITTEN, ids=by_name)
def test_writing_is_pure(item, chain, sample):
    """The same kill chain gives the same UTF-8 text, which ends its last line."""
    for made in (chain, sample):
        text = exchange.write(item.name, made)
        assert text == exchange.write(item.name, made)
        assert text.endswith("\n")
        assert text.encode()


def test_writing_is_the_same_in_every_process(chain):
    """Neither the order of sets nor of hashes leaks into any format."""
    code = (
        "import hashlib; from redqubit import killchain; from redqubit.killchain import exchange\n"
        "texts = [f.write(killchain.load()) for f in exchange.FORMATS if f.write]\n"
        "print(hashlib.sha256(''.join(texts).encode()).hexdigest())"
    )
    text = "".join(item.write(chain) for item in WRITTEN)
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()


def test_all_formats_together_take_less_than_two_seconds(chain):
    """The best of three runs over every format takes under 2 s of processor time."""
    times = []
    for _ in range(3):
        start = time.process_time()
        for item in WRITTEN:
            item.write(chain)
        times.append(time.process_time() - start)
    assert min(times) < 2


def test_importing_the_formats_stays_light():
    """Neither torch nor qiskit nor any library for tests is imported with the formats."""
    code = (
        "import sys, redqubit.killchain.exchange\n"
        "print({'torch', 'qiskit', 'stix2', 'jsonschema', 'mitreattack', 'scipy'} & {*sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@pytest.mark.parametrize("item", BOTH, ids=by_name)
def test_what_is_written_is_read(item, chain, sample):
    """Every format reads what it wrote, the one with hostile texts too."""
    for made in (chain, sample):
        assert exchange.read(item.name, document.parse(item.write(made), "d", item.form))


def test_unknown_formats_name_the_near_miss(chain):
    """A misspelled format is refused with the one that was meant."""
    with pytest.raises(InputError, match="did you mean 'navigator'"):
        exchange.write("navigater", chain)
    with pytest.raises(InputError, match="did you mean 'stix'"):
        exchange.read("sticks", document.parse("{}", "d"))


def test_formats_without_a_direction_say_so(chain):
    """Reading what is only written is an error that lists what is read."""
    with pytest.raises(InputError, match="JSON Schema of a kill chain is only written; read are"):
        exchange.read("schema", document.parse("{}", "d"))


JUNK = st.sampled_from(
    [
        ...,
        None,
        True,
        -1,
        10**350,
        1e308,
        "",
        "x",
        "QML.T0002",
        "AML.T0000",
        "../../etc",
        "<b>",
        [],
        ["x"],
        [[]],
        [{}],
        {},
        {"id": 1},
        {"": ""},
    ]
)


def damaged(data: Any, draw) -> Any:
    """Return a copy of plain data with one value replaced, removed or doubled somewhere."""
    made = copy.deepcopy(data)
    holder: Any = None
    inner, key = made, None
    while isinstance(inner, dict | list) and inner and (holder is None or draw(st.integers(0, 4))):
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        holder, key = inner, draw(st.sampled_from(keys))
        inner = inner[key]
    junk = draw(JUNK)
    if isinstance(holder, list) and draw(st.booleans()):
        holder.append(holder[key])
    elif junk is ...:
        del holder[key]
    else:
        holder[key] = junk
    return made


def refused_or_read(item, text: str, form: str) -> None:
    """Read a document; the only error allowed is one that names the file."""
    message = "file.x:"
    try:
        item.read(document.parse(text, "file.x", form))
    except InputError as error:
        message = str(error)
    assert message.startswith("file.x:")


@pytest.mark.parametrize("item", BOTH, ids=by_name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_documents_are_read_or_refused(item, sample, data):
    """A document with wrong, missing or doubled values never ends in another error."""
    made = document.parse(item.write(sample), "d", item.form).data
    for _ in range(data.draw(st.integers(1, 2))):
        made = damaged(made, data.draw)
    refused_or_read(item, (as_yaml if item.form == "yaml" else as_json)(made), item.form)


@pytest.mark.parametrize("item", BOTH, ids=by_name)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_garbled_text_is_read_or_refused(item, sample, data):
    """Nor does a text with a piece cut out or put in."""
    text = item.write(sample)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(start + 200, len(text))))
    piece = data.draw(st.text(max_size=5) | st.sampled_from(["&a", "*a", "- ", "{", "\t", "!!x "]))
    refused_or_read(item, text[:start] + piece + text[end:], item.form)


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(24)
)
HOSTILE = {
    "alias bomb": (BOMB, "unfold to over"),
    "cycle": ("techniques: &a [*a]\n", "refers to itself"),
    "object": ("techniques: !!python/object:os.system {}\n", "the tag"),
    "deep": ("techniques: " + "[" * 5000, "nested deeper|not YAML"),
    "twice": ("techniques: []\ntechniques: []\n", "given twice"),
    "list": ("- 1\n", "must be a mapping"),
    "empty": ("", "must be a mapping"),
    "huge number": ("techniques: " + "9" * 5000, "digits"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("item", [item for item in READ if item.form == "yaml"], ids=by_name)
def test_hostile_yaml_is_refused(item, name):
    """Bombs, cycles, tags, depth, doubled keys and huge numbers end in one sentence."""
    text, message = HOSTILE[name]
    with pytest.raises(InputError, match=rf"^file\.x.*({message})"):
        item.read(document.parse(text, "file.x"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "bundle", "type": "bundle"}', "given twice"),
        ('{"type": ' + "[" * 5000, "nested deeper|not JSON"),
        ('{"score": NaN}', "not a number"),
        ('{"score": ' + "9" * 5000 + "}", "digits"),
        ('{"type": "bundle", "objects": [', "not JSON"),
        ("7", "must be a"),
        ("null", "must be a"),
    ],
)
@pytest.mark.parametrize("item", [item for item in READ if item.form == "json"], ids=by_name)
def test_hostile_json_is_refused(item, text, message):
    """The same for JSON."""
    with pytest.raises(InputError, match=rf"^file\.x.*({message})"):
        item.read(document.parse(text, "file.x", "json"))


def test_formats_in_files_give_one_for_each_object(chain):
    """A format that wants a file for each object gives them by path, any other gives one."""
    flows = exchange.files("attack-flow", chain)
    assert list(flows) == [f"{case.id}.flow.json" for case in chain.cases]
    assert all(exchange.read("attack-flow", document.parse(x, "f", "json")) for x in flows.values())
    assert len(exchange.files("markdown", chain)) == len(chain.by_id) + 1
    assert list(exchange.files("bibtex", chain)) == ["killchain.bib"]
    with pytest.raises(InputError, match="wants a file for each object; written as one text are"):
        exchange.write("attack-flow", chain)


def test_formats_of_pipelines_are_found(chain):
    """Formats of threat-modeling tools have names of their own and write any pipeline."""
    pipeline = Pipeline("p", {"C1": Placement("user")})
    for item in PIPELINE_FORMATS:
        assert exchange.find_for_pipeline(item.name) is item
        text = item.write(chain, pipeline, ())
        if item.read:
            assert item.read(document.parse(text, "f", "json"), chain).pipeline == pipeline
        for sentence in (item.holds, *item.loses):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
    with pytest.raises(InputError, match="did you mean 'tm-bom'"):
        exchange.find_for_pipeline("tmbom")
