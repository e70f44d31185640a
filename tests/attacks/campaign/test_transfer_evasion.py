"""The campaign needs queries only, and accounts for each of its stages."""

import numpy as np
import pytest

from redqubit.attacks import metric
from redqubit.attacks.campaign.transfer_evasion import TransferEvasion
from redqubit.attacks.contract import contract
from redqubit.attacks.evasion.projected_gradient import ProjectedGradient
from redqubit.attacks.extraction.fourier_extraction import FourierExtraction
from redqubit.attacks.extraction.learned_extraction import LearnedExtraction
from redqubit.core.budget import Radius
from redqubit.core.errors import BudgetExceededError, InputError
from redqubit.core.record import from_json, to_json
from redqubit.models.target import Oracle, WhiteBox

QUICK = LearnedExtraction(60, substitute="mlp", layers=1)


def test_transfer_reaches_what_the_white_box_reaches(binary, views):
    """On a linear victim the learned clone's worst case is nearly the victim's own."""
    model, X, y = binary
    radius = Radius(0.5)
    rng = np.random.default_rng(0)
    white = ProjectedGradient(radius).run(views(WhiteBox), rng)
    found = TransferEvasion(radius, QUICK).run(views(Oracle), rng)
    rates = [metric.evasion_success(model, X, y, item, radius).value for item in (white, found)]
    assert rates[0] > 0.3
    assert rates[1] >= rates[0] - 0.1
    assert metric.agreement(model, found.clone, X).value > 0.9


def test_stages_are_metered_apart(views):
    """Extraction and submission add up to what the service metered; crafting is free."""
    target = views(Oracle)
    found = TransferEvasion(Radius(0.2), QUICK).run(target, np.random.default_rng(0))
    assert found.values["extraction_queries"] == 60
    assert found.values["submission_queries"] == len(target.X)
    assert target.meter.queries == 60 + len(target.X)
    assert len(found.steps) == 3


def test_labels_suffice(views):
    """A service that answers labels only can be robbed and evaded all the same."""
    labels = LearnedExtraction(100, answers="labels", substitute="mlp", layers=1)
    found = TransferEvasion(Radius(0.5), labels).run(
        views(Oracle, returns="labels"), np.random.default_rng(0)
    )
    assert "answers were as wanted" in found.steps[-1]


def test_a_limit_stops_it_before_anything_is_stolen(views):
    """With too few queries nothing is spent on a clone that cannot be used."""
    target = views(Oracle, query_limit=10)
    with pytest.raises(BudgetExceededError):
        TransferEvasion(Radius(0.2), QUICK).run(target, np.random.default_rng(0))
    assert target.meter.queries == 0


@pytest.mark.parametrize("extraction", [QUICK, FourierExtraction()])
def test_it_keeps_the_contract_and_survives_json(extraction):
    """Both chains pass the contract, and their stages are parameters that can be stored."""
    attack = TransferEvasion(Radius(0.3), extraction)
    assert from_json(TransferEvasion, to_json(attack)) == attack
    contract(attack)


def test_bad_parameters_are_named():
    """Steps of the evasion are checked when the campaign is built."""
    with pytest.raises(InputError, match="steps and restarts"):
        TransferEvasion(steps=0)
    with pytest.raises(InputError, match="space 'angle'"):
        TransferEvasion(Radius(0.1, space="raw"))
