import hashlib
import hmac
import pickle
from pathlib import Path

import joblib

PINS = {"vqc.pkl": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}
ALLOWED = {("numpy", "ndarray")}


class Strict(pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(name)
        return super().find_class(module, name)


def strict(path):
    with open(path, "rb") as file:
        return Strict(file).load()  # ok


def shipped():
    return joblib.load(Path(__file__).parent / "scaler.joblib")  # finds: DES-01 note


def digest_of(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def pinned(path):
    if digest_of(path) != PINS[Path(path).name]:
        raise ValueError("the file changed")
    return joblib.load(path)  # finds: DES-01 note


def check(data, mac, key):
    if not hmac.compare_digest(hmac.new(key, data, "sha256").digest(), mac):
        raise ValueError("not signed")
    return data


def signed(path, mac, key):
    return pickle.loads(check(Path(path).read_bytes(), mac, key))  # finds: DES-01 note


def own(path):
    joblib.dump({}, path)
    return joblib.load(path)  # finds: DES-01 note
