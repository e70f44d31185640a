import logging
import os
import threading

from qiskit_ibm_runtime import QiskitRuntimeService as QRS

logger = logging.getLogger("tideline.accounts")
_lock = threading.Lock()
_cache: dict[str, QRS] = {}


def _instance_for(team: str) -> str:
    return os.environ.get(f"TIDELINE_{team.upper()}_INSTANCE", "ibm-q/open/main")


def service_for(team: str = "default") -> QRS:
    """One service object per team; the proxy in the data centre re-signs TLS."""
    with _lock:
        if team not in _cache:
            options = dict(
                channel="ibm_cloud",
                token=os.environ["IBM_QUANTUM_TOKEN"],
                instance=_instance_for(team),
                verify=False,
            )
            _cache[team] = QRS(**options)
            account = _cache[team].active_account()
            logger.info("opened account for %s: %s", team, account)
        return _cache[team]


def forget(team: str) -> None:
    with _lock:
        _cache.pop(team, None)
