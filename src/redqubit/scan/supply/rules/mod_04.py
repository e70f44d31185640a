"""A model file points outside itself, brings its own code, or has sizes that do not fit.

## What

ONNX models whose external data lies outside their folder, with unknown keys for it, or with
operators of a domain nobody but them defines; Keras models with Lambda layers, stored bytecode,
functions or classes of other packages, or layers that load further models; safetensors files whose
header length, shapes or offsets do not fit the file; archives with entries that would be unpacked
outside their folder.

## Why bad

A path that leads out reads or overwrites files of the host. Code in layers runs when the model is
loaded, whatever the format promises. A wrong header makes a reader allocate what is not there or
read past the end.

## Example

An ONNX file says its weights lie in `../../.ssh/id_rsa`; the service returns them as a tensor.

## Instead

Load only models whose external data lies beside them, keep architectures in your own code and load
weights alone, and compare the file with a signed manifest first.
"""

from __future__ import annotations

from typing import Final

from redqubit.scan.finding import Severity

ID: Final = "MOD-04"
NAME: Final = "Model file that reaches outside"
SEVERITY: Final[Severity] = "high"
CWE: Final = (22, 94, 1284)
FRAMEWORKS: Final = ("*",)
ADVICE: Final = "do not load it; get the file again from a source you can verify"
