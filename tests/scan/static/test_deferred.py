"""The calls that threads, executors and queues make of a function they are handed."""

import ast

import pytest

from redqubit.scan.static.module import Module

FUNCTION = "from functools import partial\ndef f(*given, **named):\n    pass\n"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("threading.Thread(target=f, args=(1,), kwargs={'a': 2})", "f(1, a=2)"),
        ("threading.Thread(target=partial(f, 1), args=[2])", "f(1, 2)"),
        ("threading.Timer(5, f, (1, 2))", "f(1, 2)"),
        ("threading.Timer(5, function=f, args=(1,))", "f(1)"),
        ("_thread.start_new_thread(f, (1,))", "f(1)"),
        ("pool.submit(f, 1, a=2)", "f(1, a=2)"),
        ("pool.submit(partial(f, 1, a=2), 3)", "f(1, 3, a=2)"),
        ("g = partial(f, 1)\npool.submit(g, 2)", "f(1, 2)"),
        ("pool.apply_async(f, (1,))", "f(1)"),
        ("loop.run_in_executor(None, f, 1)", "f(1)"),
        ("loop.call_later(5, f, 1)", "f(1)"),
        ("scheduler.add_job(func=f, args=[1])", "f(1)"),
        ("f.delay(1, a=2)", "f(1, a=2)"),
        ("f.apply_async(args=[1], kwargs={'a': 2})", "f(1, a=2)"),
        ("f.apply_async((1,))", "f(1)"),
    ],
)
def test_the_call_that_is_made_has_the_arguments_one_by_one(text, made):
    """Packed arguments are unpacked and those that a partial bound come first."""
    module = Module("a.py", FUNCTION + text)
    calls = module.project.callers(module, module.functions[0])
    assert made in [ast.unparse(call.node) for call in calls]


@pytest.mark.parametrize("text", ["pool.submit(1)", "pool.submit(*f)", "threading.Thread(name=f)"])
def test_no_call_is_made_without_a_function(text):
    """Only an argument in the place of the function is one."""
    module = Module("a.py", FUNCTION + text)
    assert not module.project.callers(module, module.functions[0])
