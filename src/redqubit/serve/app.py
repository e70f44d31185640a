"""The explorer on this machine: every page rendered when it is asked for."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.middleware.trustedhost import TrustedHostMiddleware

from redqubit.core.errors import InputError
from redqubit.killchain.model import KillChain
from redqubit.serve import api, pipelines, runs
from redqubit.serve.page import POLICY, Page, Site
from redqubit.serve.pages import missing
from redqubit.serve.site import assets, entries

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGI = Callable[[Message, Receive, Send], Awaitable[None]]

HOSTS: Final = ("127.0.0.1", "localhost")  # another name would be a DNS rebinding
HEADERS: Final = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".bib": "application/x-bibtex",
}


class Live:
    """The pages of a kill chain, rendered once each; made again when its folder changes."""

    def __init__(self, chain: KillChain, folder: Path | None) -> None:
        self.chain = chain
        self.folder = folder
        self._seen = _state(folder) if folder else None
        self._open()

    def _open(self) -> None:
        found = runs.read(self.folder) if self.folder else ()
        described = pipelines.read(self.folder, self.chain) if self.folder else ()
        self.site = Site(self.chain, found, described)
        self.pages: Mapping[str, Page] = {page.path: page for page in entries(self.site)}
        self._rendered: dict[str, bytes] = {}

    def refresh(self) -> None:
        """Read the folder again if a file in it changed; an unreadable one changes nothing."""
        if self.folder is None or (now := _state(self.folder)) == self._seen:
            return
        self._seen = now
        try:
            self._open()
        except InputError:
            return

    def content(self, path: str) -> bytes | None:
        """Return the file at a path, or None if there is none."""
        if path in assets():
            return assets()[path]
        if path not in self._rendered and path in self.pages:
            self._rendered[path] = self.pages[path].render().encode()
        return self._rendered.get(path)

    def near(self, path: str) -> str:
        """Return the page that a wrong path probably meant, or an empty string."""
        known = [name for name in self.pages if name.endswith(".html") and name != "404.html"]
        stem = path[:200].rstrip("/").rpartition("/")[2].removesuffix(".html").casefold()
        for name in known:
            if PurePosixPath(name).stem.casefold() == stem:
                return name
        return next(iter(difflib.get_close_matches(path[:200], known, n=1, cutoff=0.6)), "")


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    stats = ((str(path), path.stat()) for path in pipelines.paths(folder))
    described = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
    return (*runs.state(folder), *described)


class Guard:
    """Puts the headers on every answer."""

    def __init__(self, app: ASGI) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, and the answer back with the headers."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name.lower().encode(): value.encode() for name, value in HEADERS.items()}
                kept = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message["headers"] = [*kept, *ours.items()]
            await send(message)

        await self.app(scope, receive, guarded if scope["type"] == "http" else send)


def app(chain: KillChain, folder_of_runs: Path | None = None) -> FastAPI:
    """Return the explorer as an application, to be bound to 127.0.0.1 only.

    Requests under any other host name are refused, so that a foreign page cannot read it by
    pointing its own name here.

    Raises
    ------
    InputError
        A file of evidence in the folder cannot be read.
    """
    live = Live(chain, folder_of_runs)
    made = FastAPI(title="redqubit explorer", docs_url=None, redoc_url=None, openapi_url=None)
    made.add_middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False)
    made.add_middleware(Guard)

    @made.exception_handler(Exception)
    async def failed(_request: Request, _error: Exception) -> Response:
        return Response("The page could not be rendered.\n", 500, HEADERS, media_type="text/plain")

    @made.post("/api/pipeline")
    async def pipeline(request: Request) -> Response:
        return await api.pipeline(request, chain)

    @made.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(request: Request, path: str) -> Response:
        live.refresh()
        content = live.content(path or "index.html")
        if content is None or path == "404.html":
            where = request.scope.get("raw_path", b"/").decode("ascii", "replace")[1:]
            told = missing.page(live.site, where, live.near(path)).render()
            return Response(told, 404, media_type="text/html")
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        kind = TYPES[PurePosixPath(path or "index.html").suffix]
        return Response(content, headers={"ETag": tag}, media_type=kind)

    return made
