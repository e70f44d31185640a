"""Which globals are trusted."""

import pytest

from redqubit.scan.supply.pickle_machine import Name
from redqubit.scan.supply.pickle_names import trust


@pytest.mark.parametrize(
    "name",
    [
        "numpy dtype",
        "numpy._core.multiarray _reconstruct",
        "torch._utils _rebuild_tensor_v2",
        "torch FloatStorage",
        "collections OrderedDict",
        "builtins set",
        "sklearn.svm._classes SVC",
        "sklearn.tree._tree Tree",
        "torch.nn.modules.linear Linear",
        "pennylane.ops.op_math.prod Prod",
        "pathlib PosixPath",
    ],
)
def test_known(name):
    """What arrays and models need is known."""
    assert trust(Name(*name.split())) == "known"


@pytest.mark.parametrize(
    "name",
    [
        "os system",
        "posix system",
        "builtins eval",
        "builtins getattr",
        "__builtin__ exec",
        "subprocess Popen",
        "functools partial",
        "operator attrgetter",
        "pip main",
        "dill._dill _create_function",
        "torch.hub load",
        "numpy.testing._private.utils runstring",
        "sklearn.datasets fetch_openml",
        "sklearn.svm._classes SVC.__init__",
        "torch.serialization load",
        "pennylane.ops os.system",
        "__main__ Net",
        "numpy load",
    ],
)
def test_not_known(name):
    """Functions, dotted names and other packages are not."""
    assert trust(Name(*name.split())) != "known"


def test_allow():
    """The user's own modules and names are trusted when named, and nothing like them."""
    assert trust(Name("mine.net", "Net"), {"mine"}) == "known"
    assert trust(Name("mine", "Net"), {"mine:Net"}) == "known"
    assert trust(Name("mine", "other"), {"mine:Net"}) == "unknown"
    assert trust(Name("miner", "Net"), {"mine"}) == "unknown"
