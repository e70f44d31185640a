"""Plans are pure, hashed and explicit about what is left out."""

import dataclasses

import pytest
import yaml

from redqubit.assess.plan import BUILT_IN, parse, plan, read
from redqubit.core.errors import InputError


def test_the_built_in_assessment_is_valid():
    """The built-in file plans at least seven attacks and three defenses."""
    made = plan(read())
    bare = {job.attack.name for job in made.jobs if job.attack and job.defense.name == "none"}
    assert len(bare) >= 7
    assert len({job.defense.name for job in made.jobs}) >= 4
    assert read() == read(BUILT_IN)


def test_ids_depend_on_what_a_job_computes(small):
    """Equal files give equal ids, another seed gives others, and no two jobs share one."""
    first, again = plan(parse(small)), plan(parse(small))
    assert [job.id for job in first.jobs] == [job.id for job in again.jobs]
    assert len({job.id for job in first.jobs}) == len(first.jobs)
    other = plan(parse({**small, "seed": 4}))
    assert not {job.id for job in first.jobs} & {job.id for job in other.jobs}


def test_a_new_attack_leaves_other_jobs_alone(small):
    """Adding an attack to the file does not change the ids of the others."""
    before = {job.id for job in plan(parse(small)).jobs}
    small["attacks"].append("square")
    assert before < {job.id for job in plan(parse(small)).jobs}


def test_pairs_without_an_edge_are_left_out_with_a_reason(small):
    """Rounding answers does not meet label flipping, and the plan says why."""
    made = plan(parse(small))
    reasons = {(item.attack, item.defense): item.reason for item in made.left_out}
    assert "no edge" in reasons["label_flip", "prediction_rounding"]
    everything = plan(parse({**small, "pairs": "all"}))
    assert everything.left_out == ()
    assert len(everything.jobs) > len(made.jobs)


def test_white_box_attacks_meet_a_defense_without_and_with_knowledge_of_it(small):
    """A gradient attack runs twice, a black-box one, which sees the same service, once."""
    views = {}
    for job in plan(parse({**small, "pairs": "all"})).jobs:
        if job.attack and job.defense.name == "prediction_rounding":
            views.setdefault(job.attack.name, []).append(job.adaptive)
    assert views["fast_gradient_sign"] == [False, True]
    assert views["fourier_extraction"] == [True]


def test_repeats_are_jobs_of_their_own(small):
    """Two repeats double the attack jobs and nothing else."""
    one, two = plan(parse(small)), plan(parse({**small, "repeats": 2}))
    count = sum(job.kind == "attack" for job in one.jobs)
    assert len(two.jobs) == len(one.jobs) + count


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"atacks": []}, "did you mean 'attacks'"),
        ({"attacks": ["projected_gradiant"]}, "did you mean 'projected_gradient'"),
        ({"attacks": [{"name": "quid", "fractoin": 0.1}]}, "did you mean 'fraction'"),
        ({"attacks": [{"name": "quid", "fraction": 2.0}]}, "fraction must be in"),
        ({"attacks": [{"name": "quid", "sweep": {"fractoin": [0.1]}}]}, "sweep parameter"),
        ({"attacks": [{"name": "quid", "sweep": {"fraction": [0.2, 0.1]}}]}, "must rise"),
        ({"attacks": [{"name": "quid", "sweep": [0.1]}]}, "sweep must name one parameter"),
        ({"attacks": "quid"}, "must be a list"),
        ({"attacks": [7]}, r"attacks\[0\] must be a name"),
        ({"defenses": ["toy"]}, "unknown defense 'toy'"),
        ({"certify": [-0.1]}, "numbers >= 0"),
        ({"train": 1}, "train must be at least 2"),
        ({"seed": "seven"}, "seed must be int"),
        ({"repeats": 0}, "repeats must be at least 1"),
        ({"pairs": "every"}, "unknown value for"),
        ({"policy": {"hihg": 0.2}}, "did you mean 'high'"),
        ({"model": None}, "must be a name"),
    ],
)
def test_slips_are_named_before_anything_runs(small, change, says):
    """Every slip in the file is an InputError that names the entry."""
    with pytest.raises(InputError, match=says):
        plan(parse({**small, **change}))


@pytest.mark.parametrize("key", ["data", "model"])
def test_a_missing_block_is_named(small, key):
    """Data and model must be there."""
    del small[key]
    with pytest.raises(InputError, match=f"lacks the key '{key}'"):
        parse(small)


@pytest.mark.parametrize("text", ["a: [", "- 1", "!!python/object/apply:os.system ['true']", ""])
def test_files_that_are_no_assessment_are_refused(tmp_path, text):
    """Broken YAML, other shapes and Python tags never become an assessment."""
    path = tmp_path / "x.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"x\.yaml"):
        read(path)
    with pytest.raises(InputError, match="cannot read"):
        read(tmp_path / "missing.yaml")


def test_relative_files_start_at_the_assessment(tmp_path, small):
    """A data file named in the assessment is found beside it."""
    small["data"] = {"name": "file", "file": "points.csv"}
    made = parse(small, folder=tmp_path)
    assert made.subject.data.arguments["file"] == str(tmp_path / "points.csv")
    assert dataclasses.replace(made.subject).data.name == "file"


def test_ids_depend_on_the_contents_of_files(tmp_path, small):
    """Other samples under the same file name are other jobs; a missing file fails in its job."""
    small["data"] = {"name": "file", "file": "points.csv"}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(small))
    ids = []
    for text in (None, "x,y\n1,0\n", "x,y\n1,1\n"):
        if text is not None:
            (tmp_path / "points.csv").write_text(text)
        ids.append({job.id for job in plan(read(tmp_path / "a.yaml")).jobs})
    assert not ids[0] & ids[1]
    assert not ids[1] & ids[2]


def test_what_is_listed_twice_runs_once(small):
    """The same attack twice is one job; two settings of one defense are refused."""
    before = [job.id for job in plan(parse(small)).jobs]
    small["attacks"].append(small["attacks"][0])
    assert [job.id for job in plan(parse(small)).jobs] == before
    small["defenses"] = [{"name": "noise_layer", "shots": shots} for shots in (10, 100)]
    with pytest.raises(InputError, match="noise_layer is listed 2 times"):
        plan(parse(small))


def test_an_evasion_sweeps_its_radius_only(small):
    """Any other parameter would be drawn on an axis of radii."""
    small["attacks"] = [{"name": "projected_gradient", "sweep": {"steps": [5, 10]}}]
    with pytest.raises(InputError, match="sweep its radius only"):
        plan(parse(small))


@pytest.mark.parametrize("key", ["seed", "repeats", "train"])
def test_an_empty_key_is_its_default(small, key):
    """YAML reads a key without a value as null."""
    assert parse({**small, key: None}) == parse({k: v for k, v in small.items() if k != key})


@pytest.mark.parametrize("text", ["seed: 1\nseed: 2", "[" * 100_000])
def test_yaml_that_breaks_its_reader_is_refused(tmp_path, text):
    """A key given twice and bottomless nesting end in one sentence that names the line."""
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(InputError, match=r"x\.yaml:\d: (the key 'seed' is given|nested deeper)"):
        read(tmp_path / "x.yaml")
