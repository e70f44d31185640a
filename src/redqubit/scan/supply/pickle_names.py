"""Which globals a pickle may ask for: a closed list of what only rebuilds numbers and models."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal

from redqubit.scan.supply.pickle_machine import Name

Trust = Literal["known", "unknown", "dangerous"]

_BUILTINS: Final = frozenset(
    [
        "bool",
        "bytearray",
        "bytes",
        "complex",
        "dict",
        "float",
        "frozenset",
        "int",
        "list",
        "long",
        "object",
        "range",
        "set",
        "slice",
        "str",
        "tuple",
        "unicode",
        "xrange",
    ]
)
_SCALARS: Final = frozenset(
    [
        "bool",
        "bool_",
        "bytes_",
        "clongdouble",
        "complex128",
        "complex64",
        "double",
        "dtype",
        "float16",
        "float32",
        "float64",
        "int16",
        "int32",
        "int64",
        "int8",
        "intc",
        "intp",
        "longdouble",
        "longlong",
        "matrix",
        "ndarray",
        "object_",
        "recarray",
        "record",
        "str_",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
        "uintp",
        "ulonglong",
        "unicode_",
        "void",
        "datetime64",
        "timedelta64",
    ]
)
_RANDOM: Final = frozenset(
    ["MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64", "SeedSequence", "Generator"]
)
_TORCH_TYPES: Final = frozenset(
    [
        "BFloat16",
        "Bool",
        "Byte",
        "Char",
        "ComplexDouble",
        "ComplexFloat",
        "Double",
        "Float",
        "Half",
        "Int",
        "Long",
        "QInt32",
        "QInt8",
        "QUInt2x4",
        "QUInt4x2",
        "QUInt8",
        "Short",
        "Typed",
        "Untyped",
    ]
)
_TORCH: Final = frozenset(
    [
        "Size",
        "Tensor",
        "bfloat16",
        "bool",
        "channels_last",
        "channels_last_3d",
        "complex128",
        "complex32",
        "complex64",
        "contiguous_format",
        "device",
        "double",
        "float",
        "float16",
        "float32",
        "float64",
        "half",
        "int",
        "int16",
        "int32",
        "int64",
        "int8",
        "long",
        "per_channel_affine",
        "per_channel_affine_float_qparams",
        "per_channel_symmetric",
        "per_tensor_affine",
        "per_tensor_symmetric",
        "preserve_format",
        "qint32",
        "qint8",
        "quint2x4",
        "quint4x2",
        "quint8",
        "short",
        "sparse_bsc",
        "sparse_bsr",
        "sparse_coo",
        "sparse_csc",
        "sparse_csr",
        "strided",
        "uint16",
        "uint32",
        "uint64",
        "uint8",
    ]
)
_REBUILD: Final = frozenset(
    [
        "_rebuild_device_tensor_from_cpu_tensor",
        "_rebuild_device_tensor_from_numpy",
        "_rebuild_meta_tensor_no_storage",
        "_rebuild_nested_tensor",
        "_rebuild_parameter",
        "_rebuild_parameter_with_state",
        "_rebuild_qtensor",
        "_rebuild_sparse_csr_tensor",
        "_rebuild_sparse_tensor",
        "_rebuild_tensor",
        "_rebuild_tensor_v2",
        "_rebuild_tensor_v3",
        "_rebuild_wrapper_subclass",
    ]
)
_SPARSE: Final = frozenset(
    f"{kind}_{shape}"
    for kind in ["bsr", "coo", "csc", "csr", "dia", "dok", "lil"]
    for shape in ("matrix", "array")
)

KNOWN: Final[dict[str, frozenset[str]]] = {
    "builtins": _BUILTINS,
    "__builtin__": _BUILTINS,
    "collections": frozenset({"OrderedDict", "defaultdict", "deque", "Counter"}),
    "copyreg": frozenset({"_reconstructor"}),
    "copy_reg": frozenset({"_reconstructor"}),
    "_codecs": frozenset({"encode"}),
    "array": frozenset({"_array_reconstructor", "array"}),
    "datetime": frozenset({"date", "datetime", "time", "timedelta", "timezone"}),
    "decimal": frozenset({"Decimal"}),
    "fractions": frozenset({"Fraction"}),
    "pathlib": frozenset({"Path", "PosixPath", "PurePath", "PurePosixPath", "WindowsPath"}),
    "uuid": frozenset({"UUID"}),
    "joblib.numpy_pickle": frozenset({"NumpyArrayWrapper"}),
    "numpy": _SCALARS,
    "numpy.dtypes": frozenset({"StringDType"} | {f"{word}DType" for word in ("Float64", "Int64")}),
    "numpy.core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy._core.multiarray": frozenset({"_reconstruct", "scalar"}),
    "numpy.core.numeric": frozenset({"_frombuffer"}),
    "numpy._core.numeric": frozenset({"_frombuffer"}),
    "numpy.ma": frozenset({"MaskedArray"}),
    "numpy.ma.core": frozenset({"MaskedArray", "_mareconstruct", "MaskedConstant"}),
    "numpy.random": frozenset({"RandomState"}) | _RANDOM,
    "numpy.random._pickle": frozenset(
        {"__bit_generator_ctor", "__generator_ctor", "__randomstate_ctor"}
    ),
    "numpy.random.bit_generator": frozenset({"SeedSequence", "__pyx_unpickle_SeedSequence"}),
    "numpy.random._bounded_integers": frozenset(),
    "pennylane.numpy.tensor": frozenset({"tensor"}),
    "pennylane.wires": frozenset({"Wires"}),
    "sklearn.utils._bunch": frozenset({"Bunch"}),
    "sklearn.utils._metadata_requests": frozenset({"MetadataRequest", "MethodMetadataRequest"}),
    "torch": _TORCH | {f"{word}Storage" for word in _TORCH_TYPES},
    "torch._tensor": frozenset({"Tensor", "_rebuild_from_type_v2"}),
    "torch._utils": _REBUILD,
    "torch.jit._pickle": frozenset(
        {"build_intlist", "build_tensorlist", "build_doublelist", "build_boollist"}
        | {"build_tensor_from_id", "restore_type_tag"}
    ),
    "torch.nn.parameter": frozenset({"Buffer", "Parameter", "UninitializedParameter"}),
    "torch.serialization": frozenset({"_get_layout"}),
    "torch.storage": frozenset({"TypedStorage", "UntypedStorage"}),
    **{f"numpy.random._{word}": _RANDOM for word in ("mt19937", "pcg64", "philox", "sfc64")},
    **{
        f"scipy.sparse.{under}{kind}": _SPARSE
        for kind in ["bsr", "coo", "csc", "csr", "dia", "dok", "lil"]
        for under in ("", "_")
    },
}
# Modules whose classes (in CapWords) only hold numbers; functions in them stay unknown.
CLASSES: Final = re.compile(
    r"(?:__torch__(?:\.\w+)*"  # names of TorchScript's own reader, which imports nothing
    r"|sklearn\.(?:_loss|calibration|cluster|compose|covariance|cross_decomposition|decomposition"
    r"|discriminant_analysis|dummy|ensemble|feature_selection|gaussian_process|impute|isotonic"
    r"|kernel_approximation|kernel_ridge|linear_model|manifold|metrics|mixture|model_selection"
    r"|multiclass|multioutput|naive_bayes|neighbors|neural_network|pipeline|preprocessing"
    r"|random_projection|semi_supervised|svm|tree)(?:\.\w+)*"
    r"|torch\.nn\.modules\.\w+|torch\.optim(?:\.\w+)?"
    r"|pennylane\.(?:ops|pauli|measurements|templates|tape)(?:\.\w+)*)"
)
_CAPWORDS: Final = re.compile(r"_{0,2}[A-Z][A-Za-z0-9]*(?:_\d+)?")
_SMALL: Final = frozenset({"newObj"})  # what Cython's trees and metrics start from

_SCIENCE: Final = re.compile(
    r"(?:sympy|symengine|qiskit\w*|pennylane|cirq\w*|braket|pytket|networkx|rustworkx|scipy|pandas"
    r"|numpy|sklearn|torch)\b"
)

DANGEROUS: Final = frozenset(
    [
        "__main__",
        "_imp",
        "_io",
        "_osx_support",
        "_posixsubprocess",
        "_pickle",
        "_pyrepl",
        "_thread",
        "aiohttp",
        "asyncio",
        "bdb",
        "cProfile",
        "cffi",
        "cloudpickle",
        "code",
        "codeop",
        "commands",
        "compileall",
        "ctypes",
        "dill",
        "distutils",
        "doctest",
        "ensurepip",
        "fileinput",
        "ftplib",
        "functools",
        "glob",
        "http",
        "httpx",
        "idlelib",
        "imaplib",
        "imp",
        "importlib",
        "inspect",
        "io",
        "linecache",
        "marshal",
        "multiprocessing",
        "nt",
        "ntpath",
        "numba",
        "operator",
        "_operator",
        "os",
        "pathlib",
        "pdb",
        "pickle",
        "pip",
        "pkgutil",
        "platform",
        "poplib",
        "popen2",
        "posix",
        "posixpath",
        "profile",
        "pty",
        "py_compile",
        "pydoc",
        "requests",
        "runpy",
        "setuptools",
        "shelve",
        "shlex",
        "shutil",
        "signal",
        "site",
        "smtplib",
        "socket",
        "socketserver",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "tarfile",
        "telnetlib",
        "tempfile",
        "threading",
        "timeit",
        "trace",
        "types",
        "urllib",
        "urllib2",
        "uuid",
        "venv",
        "webbrowser",
        "xmlrpc",
        "zipfile",
        "zipimport",
    ]
) - {"__main__", "uuid", "types"}


def constructs(name: Name) -> bool:
    """Say whether an unknown global is a class of a scientific package, by its spelling."""
    return _SCIENCE.match(name.module) is not None and (
        _CAPWORDS.fullmatch(name.name) is not None or name.module.startswith("sympy.functions.")
    )


def trust(name: Name, allow: Collection[str] = ()) -> Trust:
    """Say whether a global is on the list, off it, or known to reach the machine.

    ``allow`` holds what the user adds: ``module`` (with everything below it) or ``module:name``.
    """
    if name.name in KNOWN.get(name.module, ()):
        return "known"
    if CLASSES.fullmatch(name.module) and (
        _CAPWORDS.fullmatch(name.name) or (name.name in _SMALL and name.module[:8] == "sklearn.")
    ):
        return "known"
    if f"{name.module}:{name.name}" in allow or any(
        name.module == entry or name.module.startswith(f"{entry}.")
        for entry in allow
        if ":" not in entry
    ):
        return "known"
    root = name.module.partition(".")[0]
    if root in DANGEROUS or root in ("builtins", "__builtin__"):
        return "dangerous"
    return "unknown"
