"""What waits for the administrator of an institution, of what the kernel keeps."""

from django.urls import reverse
from django.utils.translation import ngettext

from telemed.organisations.queries import agreements, statements
from telemed.people.models import User
from telemed.staff import queries as staff
from telemed.web.needs import Need


def agreements_waiting(actor: User) -> Need | None:
    n = len(agreements.list_waiting(actor))
    text = ngettext(
        "{n} agreement is proposed or ends within 30 days",
        "{n} agreements are proposed or end within 30 days",
        n,
    )
    return _need(n, text, reverse("organisations:agreements"), "file")


def licences_ending(actor: User) -> Need | None:
    n = staff.count_ending(actor)
    text = ngettext("{n} licence ends within 30 days", "{n} licences end within 30 days", n)
    return _need(n, text, f"{reverse('staff:list')}?show=ending", "shield")


def doctors_without_licence(actor: User) -> Need | None:
    n = staff.count_unlicensed(actor)
    text = ngettext("{n} doctor has no licence on file", "{n} doctors have no licence on file", n)
    return _need(n, text, f"{reverse('staff:list')}?show=unlicensed", "users")


def statements_to_export(actor: User) -> Need | None:
    n = statements.count_to_export(actor)
    text = ngettext(
        "{n} confirmed statement can be exported", "{n} confirmed statements can be exported", n
    )
    return _need(n, text, f"{reverse('organisations:statements')}?state=confirmed", "list")


def _need(n: int, text: str, url: str, icon: str) -> Need | None:
    return Need(text.format(n=n), url, icon) if n else None
