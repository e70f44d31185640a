"""The one question the explorer answers beyond its pages: whether a file is a pipeline."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import JSONResponse

from redqubit.core import record
from redqubit.core.errors import InputError
from redqubit.killchain import document, system
from redqubit.killchain.model import KillChain

MOST: Final = 2**20  # bytes of a file
FORMS: Final = {"application/json": "json", "application/yaml": "yaml"}


async def pipeline(request: Request, chain: KillChain) -> JSONResponse:
    """Read a pipeline from the body and return it with every default written out.

    A mistake is answered with 400 and one sentence under ``error``. Only pages of this explorer
    may ask: the content type is none that a form of a foreign page could send, and the origin,
    where a browser names one, must be the host that was asked.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        return _refuse(415, f"send {' or '.join(FORMS)}, not {kind or 'nothing'}")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        return _refuse(403, "only pages of this explorer may ask")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            return _refuse(413, "the file is larger than 1 MB")
    try:
        source = document.parse(body.decode("utf-8"), "the file", FORMS[kind])
        return JSONResponse(record.to_json(system.check(source, chain)))
    except UnicodeDecodeError:
        return _refuse(400, "the file is not UTF-8 text")
    except InputError as error:
        return _refuse(400, str(error))


def _refuse(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": f"{sentence[:1].upper()}{sentence[1:]}."}, status)
