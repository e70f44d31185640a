import contextlib
import sqlite3
import time

DB = "/var/lib/tideline/jobs.sqlite"


@contextlib.contextmanager
def _db():
    con = sqlite3.connect(DB, timeout=5)
    try:
        yield con
        con.commit()
    finally:
        con.close()


def remember(job_id: str, user_id: str, shots: int | None = None) -> None:
    with _db() as con:
        con.execute(
            "insert into jobs(job_id, user_id, shots, created) values (?, ?, ?, ?)",
            (job_id, user_id, shots, time.time()),
        )


def lookup(job_id: str, user_id: str):
    """Row of a job that belongs to the user, or None."""
    with _db() as con:
        con.row_factory = sqlite3.Row
        row = con.execute(
            "select job_id, shots, created from jobs where job_id = ? and user_id = ?",
            (job_id, user_id),
        ).fetchone()
    return row
