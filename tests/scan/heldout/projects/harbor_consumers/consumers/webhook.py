import logging
import os

import aiohttp
from aiohttp import web

from . import operations

log = logging.getLogger("harbor.webhook")
routes = web.RouteTableDef()
API_KEY = os.environ.get("HARBOR_API_KEY", "")


async def _report(session: aiohttp.ClientSession, url: str, body: dict) -> int:
    async with session.post(url, json=body, headers={"X-Api-Key": API_KEY}) as answer:
        return answer.status


@routes.post("/hooks/{kind}")
async def hook(request: web.Request) -> web.Response:
    payload = await request.json()
    function = getattr(operations, payload["operation"])
    outcome = function(**payload.get("arguments", {}))
    if "callback" in payload:
        status = await _report(request.app["http"], payload["callback"], {"outcome": outcome})
        log.info("callback answered %d", status)
    return web.json_response({"outcome": outcome})


@routes.get("/health")
async def health(_: web.Request) -> web.Response:
    return web.json_response({"ok": True})


async def _http(app: web.Application):
    timeout = aiohttp.ClientTimeout(total=15)
    app["http"] = aiohttp.ClientSession(timeout=timeout)
    yield
    await app["http"].close()


def build() -> web.Application:
    app = web.Application(client_max_size=256 * 1024)
    app.add_routes(routes)
    app.cleanup_ctx.append(_http)
    return app


if __name__ == "__main__":
    web.run_app(build(), port=int(os.environ.get("PORT", 8090)))
