"""Job and owner are looked up together."""

from accounts import current_user, database, require_owner
from fastapi import APIRouter, Depends, HTTPException
from qiskit_ibm_runtime import QiskitRuntimeService

router = APIRouter()
service = QiskitRuntimeService()


@router.get("/jobs/{job_id}")
def found(job_id: str, user: str = Depends(current_user)):
    row = database.find(job_id, owner=user)
    if row is None:
        raise HTTPException(404)
    return str(service.job(job_id).result())  # ok


@router.get("/required/{job_id}")
def required(job_id: str, user: str = Depends(current_user)):
    require_owner(job_id, user)
    return str(service.job(job_id).result())  # ok
