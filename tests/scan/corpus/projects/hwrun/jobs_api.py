"""Job routes of the student portal."""

from fastapi import APIRouter, Depends, HTTPException
from qiskit_ibm_runtime import QiskitRuntimeService

from portal_users import User, current_user, jobs_of

router = APIRouter()
service = QiskitRuntimeService()


@router.get("/jobs/{job_id}")
def status(job_id: str):
    return {"status": str(service.job(job_id).status())}


@router.delete("/jobs/{job_id}")
def cancel(job_id: str, user: User = Depends(current_user)):
    job = service.job(job_id)
    job.cancel()
    return {"cancelled_by": user.name}


@router.get("/mine/{job_id}")
def mine(job_id: str, user: User = Depends(current_user)):
    if job_id not in jobs_of(user):
        raise HTTPException(404)
    return {"status": str(service.job(job_id).status())}


@router.get("/mine")
def all_mine(user: User = Depends(current_user)):
    return [{"id": name, "status": str(service.job(name).status())} for name in jobs_of(user)]
