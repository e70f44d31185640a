from braket.jobs import load_job_result

result = load_job_result()  # ok
