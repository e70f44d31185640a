"""Runs give the same numbers on any number of workers and after any interruption."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import yaml

from redqubit.assess import Store, run_plan
from redqubit.assess.plan import parse, plan
from redqubit.assess.sweep import InlineExecutor, open_lanes
from redqubit.core import record
from redqubit.core.errors import InputError

COMMAND = [sys.executable, "-m", "redqubit"]


def numbers(evidence):
    """Return evidence without what may differ between runs: times and versions."""
    plain = [record.to_json(item) for item in evidence]
    for item in plain:
        item["cost"]["seconds"] = 0
        item["provenance"]["created"] = ""
    return sorted(plain, key=lambda item: item["id"])


@pytest.fixture(scope="module")
def alone(shared_small, tmp_path_factory):
    """Run the small assessment once in this process."""
    made = plan(parse(shared_small))
    return made, run_plan(made, Store(tmp_path_factory.mktemp("alone")))


def test_every_job_leaves_evidence(alone):
    """Each job of the plan has one record under its id, and none failed."""
    made, evidence = alone
    assert [item.id for item in evidence] == [job.id for job in made.jobs]
    assert {item.status for item in evidence} <= {"measured", "not run"}
    assert all(item.reason for item in evidence if item.status == "not run")


def test_four_workers_give_the_numbers_of_one(alone, tmp_path):
    """The evidence of four processes equals that of one, times aside."""
    made, evidence = alone
    assert numbers(run_plan(made, Store(tmp_path), workers=4)) == numbers(evidence)


def test_a_finished_run_computes_nothing_again(alone, tmp_path):
    """A second run of the same plan finishes no job."""
    made, evidence = alone
    store = Store(tmp_path)
    with store.open():
        for item in evidence:
            store.append(dataclasses.replace(item, status="measured"))
    done = []
    run_plan(made, store, on_done=lambda job, _: done.append(job))
    assert done == []


def _wait_for_lines(path, count, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if path.exists() and path.read_bytes().count(b"\n") >= count:
            return
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    raise AssertionError(f"no {count} records within two minutes")


def test_a_killed_run_resumes_without_loss(alone, small_file, tmp_path):
    """After kill -9 the same command keeps every finished record and ends with the same numbers."""
    _, evidence = alone
    out = tmp_path / "out"
    command = [*COMMAND, "assess", str(small_file), "-o", str(out), "--workers", "1"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _wait_for_lines(out / "evidence.jsonl", 2, first)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    kept = (out / "evidence.jsonl").read_text().splitlines()
    kept = [line for line in kept if line.endswith("}")]
    assert len(kept) < len(evidence)
    subprocess.run(command, check=True, capture_output=True)
    lines = (out / "evidence.jsonl").read_text().splitlines()
    finished = [line for line in kept if json.loads(line)["status"] == "measured"]
    assert lines[: len(finished)] == finished
    assert len([line for line in lines if line in finished]) == len(finished)
    assert numbers(Store(out).read()) == numbers(evidence)


def test_ctrl_c_stops_and_says_how_to_resume(small, tmp_path):
    """An interrupt ends the run with 130 and one sentence that names the file kept."""
    fractions = [step / 200 for step in range(1, 100)]  # many jobs, so that some are left
    small["attacks"] = [{"name": "label_flip", "fraction": 0.4, "sweep": {"fraction": fractions}}]
    long_file, out = tmp_path / "long.yaml", tmp_path / "out"
    long_file.write_text(yaml.safe_dump(small))
    process = subprocess.Popen(
        [*COMMAND, "assess", str(long_file), "-o", str(out), "--workers", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    _wait_for_lines(out / "evidence.jsonl", 1, process)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "run the same command again to resume" in said
    assert "Traceback" not in said


def test_lanes_are_checked():
    """One local worker is this process; fewer than one and absent clusters are errors."""
    with open_lanes(1, None) as (lane,):
        assert isinstance(lane.executor, InlineExecutor)
    with pytest.raises(InputError, match="at least 1"), open_lanes(0, None):
        pass
    with (
        pytest.raises(InputError, match="no Dask scheduler"),
        open_lanes(1, "tcp://127.0.0.1:1"),
    ):
        pass


def test_a_dask_cluster_gives_the_same_numbers(alone, tmp_path):
    """A cluster on this machine returns the evidence of a single process."""
    made, evidence = alone
    program = (
        "import sys, time\n"
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None,\n"
        "                           host='127.0.0.1')\n"
        "    print(cluster.scheduler_address, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    script = tmp_path / "cluster.py"
    script.write_text(program)
    cluster = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        address = cluster.stdout.readline().strip()
        found = run_plan(made, Store(tmp_path / "out"), scheduler=address)
    finally:
        cluster.communicate("")
    assert numbers(found) == numbers(evidence)


def test_a_finished_job_stays_measured_when_its_report_fails(shared_small, tmp_path):
    """An error while a result is shown or stored is not a failure of the job."""

    def closed(job, evidence):
        raise BrokenPipeError

    made = plan(parse(shared_small))
    with pytest.raises(BrokenPipeError):
        run_plan(made, Store(tmp_path), on_done=closed)
    assert [item.status for item in Store(tmp_path).read()] == ["measured"]
