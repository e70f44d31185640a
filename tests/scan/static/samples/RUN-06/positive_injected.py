"""The service is injected, held by an application or reached over HTTP."""

from typing import Annotated

import httpx
from aiohttp import web
from fastapi import Depends, FastAPI
from qiskit_ibm_runtime import QiskitRuntimeService

api = FastAPI()
API = "https://jobs.example.com/v1/"


def connect() -> QiskitRuntimeService:
    return QiskitRuntimeService()


Client = Annotated[QiskitRuntimeService, Depends(connect)]


@api.get("/jobs/{job_id}")
def read(job_id: str, client: Annotated[QiskitRuntimeService, Depends(connect)]):
    return str(client.job(job_id).inputs)  # finds: RUN-06


@api.delete("/jobs/{job_id}")
def cancel(job_id: str, client=Depends(connect)):
    client.job(job_id).cancel()  # finds: RUN-06


@api.get("/jobs/{job_id}/logs")
def logs(job_id: str, client: Client):
    return client.job(job_id).logs()  # finds: RUN-06


@api.get("/remote/{job_id}")
async def remote(job_id: str, shots: int = 0):
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.get(API + "jobs/" + job_id)  # finds: RUN-06
    return answer.text


@api.get("/formatted/{job_id}")
def formatted(job_id: str):
    return httpx.get("https://jobs.example.com/jobs/%s/log" % job_id, timeout=5).text  # finds: RUN-06


async def shown(request: web.Request):
    job = request.app["service"].job(request.match_info["job_id"])  # finds: RUN-06
    return web.Response(text=str(job.status()))
