"""As much of a LiveKit server as our adapter uses, on 127.0.0.1; it checks what it is sent."""

import base64
import hashlib
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from consult.rooms.engines.livekit import LiveKit

KEY, SECRET = "key-of-tests", "a secret of the tests, long enough for all"
NEEDS = {  # docs.livekit.io: the grants that each method asks for, and the fields of its body
    "CreateRoom": ({"roomCreate": True}, {"name", "emptyTimeout"}),
    "DeleteRoom": ({"roomCreate": True}, {"room"}),
    "RemoveParticipant": ({"roomAdmin": True}, {"room", "identity"}),
    "MutePublishedTrack": ({"roomAdmin": True}, {"room", "identity", "trackSid", "muted"}),
}


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def token(claims: dict, secret: str = SECRET, alg: str = "HS256") -> str:
    """A JWT, written a second time so that ours is held against another's."""
    parts = [json.dumps(part).encode() for part in ({"alg": alg, "typ": "JWT"}, claims)]
    signed = ".".join(encoded(part) for part in parts)
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{encoded(mac)}"


def claims_of(jwt: str) -> dict:
    """Of a token that is signed with our secret and alive."""
    header, body, mac = jwt.split(".")
    right = hmac.new(SECRET.encode(), f"{header}.{body}".encode(), hashlib.sha256).digest()
    assert mac == encoded(right)
    padded = [part + "=" * (-len(part) % 4) for part in (header, body)]
    head, claims = (json.loads(base64.urlsafe_b64decode(part)) for part in padded)
    assert head["alg"] == "HS256"
    assert claims["nbf"] <= time.time() < claims["exp"]
    return claims


def told(event: dict, *, secret: str = SECRET, body: bytes | None = None, **changed):
    """The body and the Authorization header of a webhook."""
    said = json.dumps(event).encode()
    now = int(time.time())
    digest = base64.b64encode(hashlib.sha256(said).digest()).decode()
    claims = {"iss": KEY, "nbf": now, "exp": now + 300, "sha256": digest} | changed
    return body or said, token(claims, secret)


class Twirp(BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if server.trouble:
            return self.answer(*server.trouble)
        prefix, _, method = self.path.rpartition("/")
        if prefix != "/twirp/livekit.RoomService" or method not in NEEDS:
            return self.answer(404, {"code": "bad_route"})
        if not self.is_granted(method, body):
            return self.answer(401, {"code": "unauthenticated"})
        assert self.headers["Content-Type"] == "application/json"
        assert set(body) == NEEDS[method][1]
        if method in {"RemoveParticipant", "MutePublishedTrack"} and body["room"] in server.empty:
            return self.answer(404, {"code": "not_found", "msg": "participant does not exist"})
        server.taken.append((method, body))
        return self.answer(200, {})

    def is_granted(self, method, body):
        try:
            claims = claims_of(self.headers["Authorization"].removeprefix("Bearer "))
        except (AssertionError, ValueError, KeyError):
            return False
        video = claims["video"]
        room = "name" not in body and "roomAdmin" in video and video["room"] != body["room"]
        return claims["iss"] == KEY and NEEDS[method][0].items() <= video.items() and not room

    def answer(self, status, body):
        said = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args):
        pass


@contextmanager
def serving():
    """(adapter, server): `taken` is what it did, `trouble` what it answers instead."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Twirp) as server:
        server.taken, server.trouble, server.empty = [], None, set()
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        url = f"ws://127.0.0.1:{server.server_port}"
        try:
            yield LiveKit(url=url, key=KEY, secret=SECRET), server
        finally:
            server.shutdown()
            thread.join()
