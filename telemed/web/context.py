"""What every template may use. The database is asked once, by pages that show the shell."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from telemed.people.licences import position_of
from telemed.people.models import Role
from telemed.web import navigation, preferences, refused
from telemed.web.queries import get_shell

BARE, STAFF, RESIDENT = "web/bare.html", "web/base.html", "web/resident_frame.html"


def shell(request: HttpRequest) -> dict[str, Any]:
    """preferences, frame (the base template of this person), and the parts of the shell."""
    user = getattr(request, "user", None)
    context = {
        "preferences": getattr(request, "preferences", None) or preferences.read(request),
        "server_time": timezone.now(),
        "on_call_phone": settings.ON_CALL_PHONE,
        "demo_mode": settings.DEMO,
        "frame": BARE,
        "refusal": refused.find(request),
    }
    if user is None or not user.is_authenticated:
        return context
    kind = user.organisation.kind if user.organisation else ""
    return context | {
        "frame": RESIDENT if user.role == Role.RESIDENT else STAFF,
        "acting": user.acting_as,
        "position": position_of(user),
        "shell": SimpleLazyObject(lambda: get_shell(user)),
        "places": SimpleLazyObject(lambda: navigation.places(user.role, request.path, kind)),
        "urgent_act": SimpleLazyObject(lambda: navigation.urgent_act(user.role)),
    }
