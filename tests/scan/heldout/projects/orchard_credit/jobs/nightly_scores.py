"""Re-score the whole book every night (cron, 02:30)."""
import logging
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler

from app.circuit import expectation
from app.settings import get_settings
from app.weights import load_released

COLUMNS = ["income_ratio", "utilisation", "age_of_file", "delinquency"]
log = logging.getLogger("orchard.nightly")


def score_batch(frame: pd.DataFrame, theta: np.ndarray) -> pd.Series:
    block = frame[COLUMNS].to_numpy(dtype=float)
    if not np.isfinite(block).all():
        raise ValueError("book contains missing values")
    angles = MinMaxScaler((0, np.pi)).fit_transform(block)
    angles = np.clip(angles, 0, np.pi)
    return pd.Series([expectation(a, theta) for a in angles], index=frame.index)


def main(folder: str) -> int:
    theta = load_released(get_settings())
    written = 0
    for source in sorted(Path(folder).glob("book_*.csv")):
        frame = pd.read_csv(source, usecols=["reference", *COLUMNS])
        frame["score"] = score_batch(frame, theta)
        frame[["reference", "score"]].to_csv(source.with_suffix(".scores.csv"), index=False)
        written += len(frame)
    log.info("scored %d rows", written)
    return 0


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    sys.exit(main(sys.argv[1]))
