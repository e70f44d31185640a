"""Alternative to ``kestrel login`` for shared machines."""
import logging

import keyring
from qiskit_ibm_runtime import QiskitRuntimeService

SERVICE_NAME = "kestrel-cli"
log = logging.getLogger(__name__)


def put(user: str, token: str) -> None:
    keyring.set_password(SERVICE_NAME, user, token)
    log.info("token for %s stored (ends with %s)", user, token[-4:])


def open_service(user: str, instance: str | None = None) -> QiskitRuntimeService:
    token = keyring.get_password(SERVICE_NAME, user)
    if not token:
        raise LookupError(f"no token for {user}; run 'kestrel keychain put' first")
    log.debug("token present: %s", bool(token))
    return QiskitRuntimeService(
        channel="ibm_quantum_platform", token=token, instance=instance
    )


def drop(user: str) -> None:
    try:
        keyring.delete_password(SERVICE_NAME, user)
    except keyring.errors.PasswordDeleteError:
        log.warning("nothing stored for %s", user)
