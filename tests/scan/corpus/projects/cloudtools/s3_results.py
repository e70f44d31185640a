"""Copy Braket results out of S3."""

import boto3

ACCESS = "AKIAEZUULCGKYPOF2SJR"
SECRET = "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"


def client():
    return boto3.client("s3", aws_access_key_id=ACCESS, aws_secret_access_key=SECRET, region_name="us-east-1")


def copy(bucket: str, prefix: str, folder: str) -> int:
    s3 = client()
    done = 0
    for item in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
        s3.download_file(bucket, item["Key"], f"{folder}/{done:05d}.json")
        done += 1
    return done
