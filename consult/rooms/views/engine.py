"""What the media engine tells of: signed by it, fresh, and once."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consult.rooms import engines, services
from consult.rooms.engines import Unsigned
from telemed.core import idempotency
from telemed.core.errors import Malformed, NotFound, TooLarge, Unauthenticated
from telemed.core.intentions import System, intention

ENGINE = System("media-engine")
LONGEST = 64 * 1024


@csrf_exempt  # no browser comes here; the signature says who does
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """One event. The same twice is answered and changes nothing."""
    engine = engines.connected()
    if engine is None:
        raise NotFound(_("There is no such page."))
    body = request.body
    if len(body) > LONGEST:
        raise TooLarge(_("This is too long."))
    try:
        heard = engine.hear(body, request.headers.get("Authorization", ""))
    except Unsigned:
        raise Unauthenticated(_("The signature is wrong."), path="Authorization") from None
    except ValueError:
        raise Malformed(_("Unknown message.")) from None
    with intention(ENGINE, door="webhook"):
        key = f"engine:{heard.key[:60]}"
        if (
            not heard.key
            or idempotency.remembered(key=key, body=body.decode(errors="replace")) is None
        ):
            services.take_in(heard)
            if heard.key:
                idempotency.keep(key=key, answer={})
    return HttpResponse(status=204)
