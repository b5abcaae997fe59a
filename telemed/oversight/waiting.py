"""What of the oversight waits for who runs an institution, as their first page says it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from telemed.oversight.queries import silences
from telemed.people.models import User
from telemed.web.needs import Need


def own_silence(actor: User) -> Need | None:
    """It has asked nothing for long, and nobody has said why."""
    silence = silences.own_silence(actor)
    if silence is None:
        return None
    url = reverse("oversight:silence", args=[silence.pk])
    return Need(_("Your institution asks nothing: say why"), url, "off")
