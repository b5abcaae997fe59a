"""
LiveKit, a selective forwarding unit that a county runs itself.

Tokens: https://docs.livekit.io/home/get-started/authentication/
RoomService over Twirp, in JSON: https://docs.livekit.io/reference/server/server-apis/
Webhooks: https://docs.livekit.io/home/server/webhooks/

Written from the protocol and held by contract tests against a server of our own that checks it;
never tried against a real LiveKit (docs/runbook.md says what to try first).
"""

import base64
import hashlib
import hmac
import http.client
import json
import time
import urllib.parse

from consult.rooms.engines import SCREEN, TIMEOUT, Down, Heard, Json, Refused, Unsigned, tokens

SECONDS = 300  # that a token opens the door; a page that is inside stays when it dies
ERRAND = 60  # seconds for one call of ours
SOURCES = ["camera", "microphone"]
EMPTY_FOR = 600  # seconds after which it forgets a room without people
SERVICE = "/twirp/livekit.RoomService/"


class LiveKit:
    name = "livekit"

    def __init__(self, *, url: str, key: str, secret: str) -> None:
        """`url` as browsers connect to it, wss://…; its API is at the same place by https."""
        self.url, self.key, self.secret = url.rstrip("/"), key, secret
        at = urllib.parse.urlsplit(self.url)
        self.secure, self.host, self.port = at.scheme in {"wss", "https"}, at.hostname, at.port
        self.path = at.path
        # Its client asks over HTTP, too, why a socket was refused.
        letters = ("wss", "https") if self.secure else ("ws", "http")
        self.origins = tuple(f"{scheme}://{at.netloc}" for scheme in letters)

    def admission(self, room: str, identity: str, *, speaks: bool, shares: bool = False) -> Json:
        grants: Json = {
            "roomJoin": True,
            "room": room,
            "canSubscribe": True,
            "canPublish": speaks,
            "canPublishData": speaks,
        }
        if speaks:  # where there are sources, they count and canPublish does not
            grants["canPublishSources"] = [*SOURCES, *([SCREEN] if shares else [])]
        token = self._token(SECONDS, sub=identity, video=grants)
        return {"url": self.url, "token": token, "seconds": SECONDS}

    def open(self, room: str) -> None:
        self._call("CreateRoom", {"roomCreate": True}, name=room, emptyTimeout=EMPTY_FOR)

    def remove(self, room: str, identity: str) -> None:
        self._call("RemoveParticipant", self._admin(room), room=room, identity=identity)

    def mute(self, room: str, identity: str, track: str) -> None:
        body = {"room": room, "identity": identity, "trackSid": track, "muted": True}
        self._call("MutePublishedTrack", self._admin(room), **body)

    def close(self, room: str) -> None:
        self._call("DeleteRoom", {"roomCreate": True}, room=room)

    def hear(self, body: bytes, authorization: str) -> Heard:
        token = authorization.removeprefix("Bearer ")
        claims = tokens.read(token, issuer=self.key, secret=self.secret)
        right = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if not hmac.compare_digest(str(claims.get("sha256", "")).encode(), right.encode()):
            raise Unsigned("hash")
        said = json.loads(body)
        if not isinstance(said, dict):
            raise ValueError("not an event")
        room, person, track = (_part(said, name) for name in ("room", "participant", "track"))
        return Heard(
            key=_text(said, "id"),
            what=_text(said, "event"),
            room=_text(room, "name"),
            identity=_text(person, "identity"),
            track=_text(track, "sid"),
            source=_text(track, "source").lower(),
        )

    @staticmethod
    def _admin(room: str) -> Json:
        return {"roomAdmin": True, "room": room}

    def _token(self, seconds: int, **claims: object) -> str:
        now = int(time.time())
        issued = {"iss": self.key, "nbf": now - 1, "exp": now + seconds, **claims}
        return tokens.sign(issued, self.secret)

    def _call(self, method: str, grants: Json, **body: object) -> None:
        status, said = self._post(method, self._token(ERRAND, video=grants), json.dumps(body))
        if status == 200:
            return
        try:
            code = str(json.loads(said).get("code", ""))  # a Twirp error
        except (ValueError, AttributeError):
            code = ""
        if code == "not_found":
            return  # who is to go is gone already
        if status >= 500 or status == 429:
            raise Down(code or f"status {status}")
        raise Refused(code or f"status {status}")

    def _post(self, method: str, token: str, body: str) -> tuple[int, bytes]:
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host or "", self.port, timeout=TIMEOUT)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", self.path + SERVICE + method, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(65_536)
        except (OSError, http.client.HTTPException) as error:
            raise Down(type(error).__name__) from None
        finally:
            connection.close()


def _part(said: Json, name: str) -> Json:
    part = said.get(name)
    return part if isinstance(part, dict) else {}


def _text(part: Json, name: str) -> str:
    value = part.get(name, "")
    return value if isinstance(value, str) and len(value) <= 200 else ""
