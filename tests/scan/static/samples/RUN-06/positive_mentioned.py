"""The user is known and named, but not asked for."""

import logging

from accounts import current_user
from fastapi import APIRouter, Depends
from qiskit_ibm_runtime import QiskitRuntimeService

log = logging.getLogger(__name__)
router = APIRouter()
service = QiskitRuntimeService()


@router.delete("/jobs/{job_id}")
def cancel(job_id: str, user: str = Depends(current_user)):
    service.job(job_id).cancel()  # finds: RUN-06
    return {"cancelled_by": user}


@router.get("/logged/{job_id}")
def logged(job_id: str, user: str = Depends(current_user)):
    log.info("%s reads %s", user, job_id)
    return str(service.job(job_id).result())  # finds: RUN-06
