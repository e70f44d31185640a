import hashlib
import hmac
import io
import logging

import numpy as np

from .circuit import N_LAYERS, N_WIRES
from .settings import Settings

log = logging.getLogger("orchard.weights")


class TamperedWeights(RuntimeError):
    """Raised when the artefact does not match the digest of the release."""


def _digest(blob: bytes) -> str:
    return hashlib.sha256(blob).hexdigest()


def load_released(settings: Settings) -> np.ndarray:
    blob = settings.weights_path.read_bytes()
    if not hmac.compare_digest(_digest(blob), settings.weights_sha256):
        raise TamperedWeights(str(settings.weights_path))
    with np.load(io.BytesIO(blob), allow_pickle=False) as archive:
        theta = archive["theta"]
    if theta.shape != (N_LAYERS, N_WIRES, 3) or not np.isfinite(theta).all():
        raise TamperedWeights("unexpected shape or values")
    log.info("released weights loaded, %d parameters", theta.size)
    return theta
