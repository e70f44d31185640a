"""Who owns which job."""

import sqlite3

DATABASE = "/var/lib/jobgate/jobs.sqlite"


def _connect() -> sqlite3.Connection:
    return sqlite3.connect(DATABASE, timeout=5)


def remember(job_id: str, user: str) -> None:
    with _connect() as db:
        db.execute("INSERT INTO jobs(id, owner) VALUES (?, ?)", (job_id, user))


def owner_of(job_id: str) -> str | None:
    with _connect() as db:
        row = db.execute("SELECT owner FROM jobs WHERE id = ?", (job_id,)).fetchone()
    return row[0] if row else None
