"""JSON Web Tokens (RFC 7519) under HS256 (RFC 7518, 3.2), and no other algorithm."""

import base64
import binascii
import hmac
import json
import time
from typing import Any

from consult.rooms.engines import Unsigned

HEADER = {"alg": "HS256", "typ": "JWT"}
LEEWAY = 60  # seconds between their clock and ours
Json = dict[str, Any]


def sign(claims: Json, secret: str) -> str:
    signed = f"{_packed(HEADER)}.{_packed(claims)}"
    return f"{signed}.{_encoded(_mac(signed, secret))}"


def read(token: str, *, issuer: str, secret: str) -> Json:
    """The claims of a token that lives, from that issuer. Raises Unsigned."""
    signed, _dot, mac = token.rpartition(".")
    header, _dot, body = signed.partition(".")
    try:
        right = hmac.compare_digest(_decoded(mac), _mac(signed, secret))
        if not right or json.loads(_decoded(header)).get("alg") != HEADER["alg"]:
            raise Unsigned("signature")
        claims = json.loads(_decoded(body))
        now = time.time()
        dies_at, from_ = float(claims["exp"]), float(claims.get("nbf", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unsigned("token") from None
    if claims.get("iss") != issuer:
        raise Unsigned("issuer")
    if not from_ - LEEWAY <= now <= dies_at + LEEWAY:
        raise Unsigned("time")
    return dict(claims)


def _mac(signed: str, secret: str) -> bytes:
    return hmac.digest(secret.encode(), signed.encode(), "sha256")


def _packed(part: Json) -> str:
    return _encoded(json.dumps(part, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """Raises binascii.Error, a ValueError."""
    if not text.isascii():
        raise binascii.Error
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
