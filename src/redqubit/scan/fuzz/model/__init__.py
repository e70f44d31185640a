"""Model fuzzing: what must hold for a model of quantum machine learning, on batches of rows."""

from redqubit.scan.fuzz.model.campaign import fuzz_model
from redqubit.scan.fuzz.model.model import Model
from redqubit.scan.fuzz.model.oracle import Breach, Oracle
from redqubit.scan.fuzz.model.oracles import ALL
from redqubit.scan.fuzz.model.reference import load

__all__ = ["ALL", "Breach", "Model", "Oracle", "fuzz_model", "load"]
