"""Why two records may be one person, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

REASONS = {
    "id_same": _("same ID number"),
    "id_differs": _("different ID numbers"),
    "card_same": _("same health card"),
    "name_same": _("same name"),
    "name_sounds": _("name sounds the same"),
    "name_differs": _("different names"),
    "birth_same": _("same birth date"),
    "birth_swapped": _("day and month of birth swapped"),
    "birth_differs": _("different birth dates"),
    "sex_differs": _("different sex"),
    "phone_same": _("same phone"),
    "address_same": _("same address"),
    "mother_same": _("same mother"),
    "order_differs": _("different birth order"),
}
SAID = {"id_taken": _("An ID number of the other record was shown.")}


def in_words(reasons: Iterable[str]) -> list[str]:
    return [str(REASONS[reason]) for reason in reasons if reason in REASONS]


def said_in_words(said: str) -> str:
    """What whoever suggested a pair said, or the system for them."""
    return str(SAID.get(said, said))
