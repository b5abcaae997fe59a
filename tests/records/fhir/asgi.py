"""A client that speaks ASGI to the whole application, as a server would."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from records.fhir.door import authentication, pool
from telemed.asgi import application


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def issue(self) -> dict[str, Any]:
        assert self.json["resourceType"] == "OperationOutcome"
        return self.json["issue"][0]

    @property
    def resources(self) -> list[dict[str, Any]]:
        return [entry["resource"] for entry in self.json.get("entry", [])]

    @property
    def ids(self) -> list[str]:
        return [resource["id"] for resource in self.resources]


class Client:
    """Requests under one token; awaited inside `session()`, or one by one with `call`."""

    def __init__(self, token: str = "", **headers: str) -> None:
        self.headers = {"host": "testserver", "accept-language": "en", **headers}
        if token:
            self.headers["authorization"] = f"Bearer {token}"

    async def ask(
        self, method: str, path: str, body: bytes | str | dict = b"", **headers: str
    ) -> Response:
        raw = json.dumps(body).encode() if isinstance(body, dict) else body
        raw = raw.encode() if isinstance(raw, str) else raw
        given = {**self.headers, **{k.replace("_", "-"): v for k, v in headers.items()}}
        if raw and "content-type" not in given:
            given["content-type"] = "application/fhir+json"
        path, _mark, query = path.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode("latin-1")) for k, v in given.items()],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        sent: list[dict[str, Any]] = []

        waiting = [{"type": "http.request", "body": raw, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if not waiting:
                await asyncio.Event().wait()  # the client stays
            return waiting.pop()

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await application(scope, receive, send)
        answered = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        body_parts = b"".join(message.get("body", b"") for message in sent[1:])
        return Response(sent[0]["status"], answered, body_parts)

    def call(self, method: str, path: str, body: Any = b"", **headers: str) -> Response:
        """One request in an event loop of its own."""
        return together(self.ask(method, path, body, **headers))[0]

    def get(self, path: str, **headers: str) -> Response:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Response:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str) -> Response:
        return self.call("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Response:
        return self.call("DELETE", path, **headers)


def together(*requests: Any) -> list[Response]:
    """Several requests at once, in one event loop; the pool is closed with it."""

    async def run() -> list[Response]:
        try:
            return await asyncio.gather(*requests)
        finally:
            await pool.close()

    authentication.forget()
    return asyncio.run(run())
