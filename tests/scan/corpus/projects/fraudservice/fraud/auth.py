"""API key check."""

import hmac
import logging
import os

from fastapi import Header, HTTPException

log = logging.getLogger(__name__)
API_KEY = os.environ["FRAUD_API_KEY"]


def current_user(x_api_key: str = Header()) -> str:
    if not hmac.compare_digest(x_api_key, API_KEY):
        log.warning("rejected api key ending in %s", x_api_key[-3:])
        raise HTTPException(status_code=401, detail="unknown key")
    log.info("request accepted")
    return "partner"
