"""How amounts, states and last days are shown."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from telemed.organisations.models import Agreement, Entry, Statement
from telemed.organisations.services.settling import yuan as in_yuan

register = template.Library()

SOON = 30  # days
COLOURS: dict[str, str] = {
    Agreement.State.ACTIVE: "g",
    Agreement.State.PROPOSED: "a",
    Agreement.State.SIGNED: "b",
    Agreement.State.SUSPENDED: "r",
    Statement.State.REVIEWED: "a",
    Statement.State.CONFIRMED: "g",
    Statement.State.EXPORTED: "b",
    Entry.State.DISPUTED: "r",
}


@register.filter
def yuan(fen: int) -> str:
    """12000 is 120.00."""
    return in_yuan(fen)


@register.simple_tag
def state_chip(thing: Agreement | Statement | Entry) -> SafeString:
    """{% state_chip agreement %}: its state as a word in a coloured frame."""
    colour = COLOURS.get(thing.state, "d")
    return format_html('<span class="chip chip--{}">{}</span>', colour, thing.get_state_display())


@register.simple_tag
def ends_soon(agreement: Agreement) -> SafeString | str:
    """{% ends_soon agreement %}: how many days are left, when they are few."""
    left = (agreement.last_day - timezone.localdate()).days
    if agreement.state != Agreement.State.ACTIVE or not 0 <= left <= SOON:
        return ""
    text = ngettext("{} day left", "{} days left", left).format(left)
    return format_html('<span class="chip chip--a">{}</span>', text)
