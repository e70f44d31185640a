"""Keras models: archives with a configuration, and HDF5 files by their bytes."""

import base64
import io
import json
import pickle
import zipfile

import numpy as np
import pytest

HIGH = ("MOD-04", "high")
HDF5 = b"\x89HDF\r\n\x1a\n" + bytes(88)


def _layer(kind, module="keras.layers", **config):
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def _archive(*layers):
    file = io.BytesIO()
    config = {"module": "keras", "class_name": "Sequential", "config": {"layers": list(layers)}}
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.13.2"}')
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("model.weights.h5", HDF5 + np.ones(9).tobytes())
    return file.getvalue()


def test_plain(rules):
    """Layers of Keras with their own activations and initializers are silent."""
    dense = _layer(
        "Dense",
        units=3,
        activation="relu",
        kernel_initializer=_layer("GlorotUniform", "keras.initializers"),
        loss={"module": "keras.losses", "class_name": "function", "config": "mse"},
    )
    assert rules(_archive(dense), "m.keras") == []


@pytest.mark.parametrize(
    "layer",
    [
        _layer("Lambda", function={"class_name": "__lambda__", "config": {"code": "4wE="}}),
        _layer("TFSMLayer", filepath="/tmp/x"),
        _layer("Popen", "subprocess"),
        _layer("function", "keras.config"),
        _layer("Mine", "my_package.layers"),
    ],
)
def test_code(rules, layer):
    """Lambda layers, other packages, functions of Keras itself and nested models are high."""
    assert HIGH in rules(_archive(layer), "m.keras")


@pytest.mark.parametrize(
    "text",
    [
        '{"class_name": "Lambda", "config": {"function_type": "lambda"}}',
        '{"class_name":"TFSMLayer"}',
    ],
)
def test_code_in_hdf5(rules, text):
    """A code layer in the configuration of an HDF5 model is high, once a kind."""
    assert rules(HDF5 + text.encode() * 2) == [HIGH]


def test_pickle_in_hdf5(rules, command):
    """A pickle in an attribute is found, plain or as base64, among the numbers."""
    noise = np.random.default_rng(0).normal(size=5_000).tobytes()
    content = pickle.dumps(command)
    assert ("MOD-01", "critical") in rules(HDF5 + noise + content + noise)
    text = base64.b64encode(content)
    assert ("MOD-01", "critical") in rules(HDF5 + noise + text + bytes(4) + noise)


def test_harmless_pickle_as_text_in_hdf5(rules):
    """A whole pickle as base64 is high whatever it holds."""
    text = base64.b64encode(pickle.dumps({"a": list(range(20))}))
    assert rules(HDF5 + text + bytes(9)) == [("MOD-03", "high")]


def test_numbers_in_hdf5(rules):
    """A file of random numbers is silent."""
    numbers = np.random.default_rng(1).integers(0, 256, 3_000_000, dtype=np.uint8).tobytes()
    assert rules(HDF5 + numbers) == []


def test_mark_after_a_user_block(rules):
    """HDF5 may start at byte 512."""
    content = bytes(512) + HDF5 + b'{"class_name": "Lambda"}'
    assert rules(content) == [HIGH]
