"""Answers become a pipeline that the schema accepts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redqubit import killchain
from redqubit.killchain import document, interview, system

CHAIN = killchain.load()
ASKED = interview.questions()


def test_every_default_is_an_option():
    """A question proposes nothing it would refuse."""
    for question in ASKED:
        assert question.default in (question.options or ("",))


@given(
    st.fixed_dictionaries(
        {q.field: st.sampled_from(q.options) if q.options else st.just("4") for q in ASKED}
    )
)
def test_any_answers_make_a_valid_pipeline(answers):
    """Whatever is answered, the pipeline reads back without an error."""
    data = interview.build("mine", answers, CHAIN)
    pipeline = system.check(document.Document(data, "pipeline.yaml", ""), CHAIN)
    assert pipeline.components["C1"].party == "data-owner"


@pytest.mark.parametrize(
    ("answers", "listed", "missing"),
    [
        ({"training.federated": "yes"}, "federated-client", "data-supplier"),
        ({"data.origin": "crowd"}, "data-supplier", "federated-client"),
        ({"service.queries": "public"}, "api-client", "federated-server"),
        ({interview.CLASSICAL: "classical-cloud"}, "cloud-insider", "api-client"),
    ],
)
def test_actors_follow_from_the_answers(answers, listed, missing):
    """An actor is proposed where its position gives something on this pipeline."""
    actors = {entry["actor"] for entry in interview.build("mine", answers, CHAIN)["actors"]}
    assert listed in actors
    assert missing not in actors
