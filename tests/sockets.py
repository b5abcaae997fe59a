"""Sockets of the real application, as a signed-in browser opens them."""

from contextlib import asynccontextmanager
from importlib import import_module

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from telemed.asgi import application
from telemed.core.threads import off_loop

HERE = b"http://testserver"


@off_loop
def sign_in(user):
    """The key of a new session."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@off_loop
def sign_out(key):
    """End a session behind the back of whoever uses it."""
    import_module(settings.SESSION_ENGINE).SessionStore(key).delete()


@asynccontextmanager
async def knock(path, key="", *, origin=HERE):
    """A handshake, whatever becomes of it: `code` says how it was refused, None when it was not."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={key}".encode()
    headers = [(b"cookie", cookie), (b"origin", origin), (b"host", b"testserver")]
    communicator = WebsocketCommunicator(application, path, headers)
    connected, code = await communicator.connect(timeout=5)
    communicator.code = None if connected else code
    try:
        yield communicator
    finally:
        await communicator.disconnect()


async def closed(communicator):
    """The code with which the socket ends, whatever it said before."""
    while True:
        output = await communicator.receive_output(timeout=5)
        if output["type"] == "websocket.close":
            return output["code"]
