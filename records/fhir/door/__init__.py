"""
The FHIR door: an ASGI application for /fhir in front of Django.

Django's request stack would cost more than everything else here together. A request is one
statement on a pool of our own (its intention); whatever is more than that says so.
"""

from dataclasses import replace
from typing import Any

from django.utils import translation

from records.fhir.door import pool
from records.fhir.door.interactions import answer
from records.fhir.door.messages import (
    MEDIA,
    Answer,
    Disconnected,
    body_of,
    language_of,
    refusal,
    request_of,
)

ALWAYS = [
    (b"content-type", f"{MEDIA}; charset=utf-8".encode()),
    (b"cache-control", b"private, no-cache"),
    (b"x-content-type-options", b"nosniff"),
]


class FhirDoor:
    """Answers /fhir and what is below it; everything else goes on to the inner application."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif path == "/fhir" or path.startswith("/fhir/"):
            await self.serve(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def serve(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        with translation.override(language_of(scope["headers"])):
            try:
                request = request_of(scope)
                if request.method in ("POST", "PUT", "PATCH"):
                    request = replace(request, body=await body_of(scope, receive))
                found = await answer(request)
            except Disconnected:
                return
            except Exception as error:  # noqa: BLE001  the edge: nothing may leave unrendered
                found = refusal(error)
        await self.send(scope, found, send)

    async def send(self, scope: dict[str, Any], found: Answer, send: Any) -> None:
        body = b"" if scope["method"] == "HEAD" else found.body
        headers = [(name.lower().encode(), value.encode()) for name, value in found.headers]
        length = (b"content-length", str(len(found.body)).encode())
        await send(
            {
                "type": "http.response.start",
                "status": found.status,
                "headers": [*ALWAYS, *headers, length],
            }
        )
        await send({"type": "http.response.body", "body": body})

    async def live(self, receive: Any, send: Any) -> None:
        """Servers with a lifespan (not Daphne) let us close the pool before the loop ends."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await pool.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
