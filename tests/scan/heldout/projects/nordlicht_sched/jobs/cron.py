"""Runs the scheduled jobs; started by systemd."""
import logging
import signal
import time

import schedule

from . import braket_checked, braket_fetch, ionq_client

log = logging.getLogger("nordlicht.cron")
_running = True


def _stop(signum, frame):
    global _running
    log.info("signal %d, stopping", signum)
    _running = False


def guarded(task):
    def run():
        began = time.monotonic()
        try:
            task()
        except Exception:
            log.exception("%s failed", task.__name__)
        else:
            log.info("%s took %.1f s", task.__name__, time.monotonic() - began)

    run.__name__ = task.__name__
    return run


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    schedule.every().day.at("01:15").do(guarded(braket_checked.calibration_run))
    schedule.every(6).hours.do(guarded(braket_fetch.collect))
    schedule.every().monday.do(guarded(ionq_client.weekly))
    while _running:
        schedule.run_pending()
        time.sleep(5)


if __name__ == "__main__":
    main()
