"""Training loops: what steps, what is trained, who else writes it."""

from redqubit.scan.static.module import Module
from redqubit.scan.static.training_loop import owners, trainings, writers

LOOP = """
import pennylane as qml
weights = [0.0]
def train(cost):
    global weights
    opt = qml.AdamOptimizer(0.1)
    for _ in range(9):
        weights, loss = opt.step_and_cost(cost, weights)
"""


def test_a_loop_names_its_weights() -> None:
    """The optimizer's argument and target are what is trained."""
    found = list(trainings(Module("a.py", LOOP)))
    assert [item.step.tail for item in found] == ["step_and_cost"]
    assert found[0].weights == {"weights"}
    assert found[0].loop is not None


def test_a_scheduler_and_a_game_are_no_training() -> None:
    """Other objects have a method of this name."""
    text = "def f(lr_scheduler, env):\n for _ in range(3):\n  lr_scheduler.step()\n  env.step()\n"
    assert list(trainings(Module("a.py", text))) == []


def test_a_handler_that_writes_is_found_and_one_that_reads_is_not() -> None:
    """Only writing counts."""
    text = LOOP + (
        "from flask import Flask, request\napp = Flask(__name__)\n"
        "@app.get('/w')\ndef read():\n    return weights\n"
        "@app.post('/w')\ndef write():\n    weights[:] = request.json\n"
    )
    module = Module("a.py", text)
    (training,) = owners(module)
    assert [(name, role) for _, name, role in writers(module, training)] == [
        ("weights", "a request handler")
    ]
