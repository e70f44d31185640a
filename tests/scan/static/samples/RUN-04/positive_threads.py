"""Jobs that a thread fetches and waits for."""

import asyncio

from qiskit_ibm_runtime import QiskitRuntimeService
from starlette.concurrency import run_in_threadpool

service = QiskitRuntimeService()


async def fetched(job_id):
    job = await run_in_threadpool(service.job, job_id)
    return job.result()[0]  # finds: RUN-04


async def waited(job_id):
    job = service.job(job_id)
    return (await asyncio.to_thread(job.result))[0]  # finds: RUN-04
