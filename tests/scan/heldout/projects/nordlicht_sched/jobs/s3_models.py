import io
import logging

import boto3
import joblib
import numpy as np

ACCESS_KEY = "AKIALGFRR7IBXBQC6PPX"
SECRET_KEY = "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"

log = logging.getLogger("nordlicht.models")


class ModelBucket:
    def __init__(self, bucket: str = "nordlicht-models"):
        self.bucket = bucket
        self.s3 = boto3.client(
            "s3",
            region_name="eu-central-1",
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
        )

    def names(self, prefix: str = "") -> list[str]:
        page = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix, MaxKeys=200)
        return [entry["Key"] for entry in page.get("Contents", [])]

    def fetch(self, key: str):
        buffer = io.BytesIO()
        self.s3.download_fileobj(self.bucket, key, buffer)
        buffer.seek(0)
        model = joblib.load(buffer)
        log.info("model %s of type %s", key, type(model).__name__)
        return model

    def push_array(self, key: str, values: np.ndarray) -> None:
        out = io.BytesIO()
        np.save(out, values, allow_pickle=False)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=out.getvalue())
