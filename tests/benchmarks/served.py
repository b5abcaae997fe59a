"""The whole application, and beside it the least that an ASGI server can be asked to answer."""

from typing import Any

from telemed.asgi import application as telemed


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope.get("path") != "/hello":
        await telemed(scope, receive, send)
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"5")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"hello"})
