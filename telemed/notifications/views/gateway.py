"""
What comes back from a gateway: receipts and replies.

Signed as https://www.standardwebhooks.com says, with HMAC-SHA256 over id, time and body. A relay
in front signs for a provider that does not; without a secret the door is shut.
"""

import base64
import binascii
import hmac
import time

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telemed.core import idempotency
from telemed.core.errors import Malformed, NotFound, TooLarge, Unauthenticated
from telemed.core.intentions import System, intention
from telemed.notifications import services
from telemed.notifications.forms import parse_pushed

GATEWAY = System("gateway")
TOLERANCE = 300  # seconds between their clock and ours
LONGEST = 64 * 1024
PREFIX = "whsec_"


@csrf_exempt  # no browser comes here; the signature says who does
@require_POST
def receive(request: HttpRequest) -> JsonResponse:
    """A list of reports. The same id twice is answered and changes nothing."""
    if not settings.SMS_WEBHOOK_SECRET:
        raise NotFound(_("There is no such page."))
    body = request.body
    if len(body) > LONGEST:
        raise TooLarge(_("This is too long."))
    message_id = _verified(request, body)
    reports = parse_pushed(body)
    with intention(GATEWAY, door="webhook"):
        if idempotency.remembered(key=message_id, body=body.decode()) is None:
            for one in reports:
                if one.success is not None:
                    services.receive_receipt(key=one.out_id, delivered=one.success)
                elif one.content is not None:
                    services.receive_reply(phone=one.phone_number, text=one.content)
            idempotency.keep(key=message_id, answer={"code": 0})
    return JsonResponse({"code": 0, "msg": "OK"})  # the words that Alibaba Cloud waits for


def _verified(request: HttpRequest, body: bytes) -> str:
    message_id = request.headers.get("webhook-id", "")
    sent_at = request.headers.get("webhook-timestamp", "")
    if not (0 < len(message_id) <= 80 and sent_at.isascii() and sent_at.isdigit()):
        raise Malformed(_("The signature is missing."), path="webhook-signature")
    if abs(time.time() - int(sent_at)) > TOLERANCE:
        raise Unauthenticated(_("The signature is too old."), path="webhook-timestamp")
    right = sign(settings.SMS_WEBHOOK_SECRET, message_id, sent_at, body)
    given = request.headers.get("webhook-signature", "").split()
    if not any(hmac.compare_digest(right.encode(), one.encode()) for one in given):
        raise Unauthenticated(_("The signature is wrong."), path="webhook-signature")
    return message_id


def sign(secret: str, message_id: str, sent_at: str, body: bytes) -> str:
    """One entry of the webhook-signature header."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = secret.encode()
    mac = hmac.digest(key, f"{message_id}.{sent_at}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(mac).decode()}"
