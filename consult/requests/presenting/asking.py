"""The page on which a request is written: its choices, and what is still missing."""

from typing import Any

from django.utils.translation import gettext as _

from consult.requests.models import Case
from consult.requests.words import FIELD_NAMES
from records.mpi.models import Patient
from records.mpi.queries import guardians_of
from telemed.organisations.models import Specialty

ASKING = (
    "requests:edit requests:send requests:consent requests:refuse"  # doors of the page of a draft
)
SHOWN = 4  # specialties that stand open; the others are one tap away
USUAL = (
    Specialty.CARDIOLOGY,
    Specialty.NEUROLOGY,
    Specialty.RESPIRATORY,
    Specialty.OBSTETRICS,
)
Choices = list[tuple[str, Any]]


def signers(patient: Patient | None) -> Choices:
    """Who may sign a consent: guardians and proxies are those of the register, by name."""
    label = _("Guardian")
    found: Choices = []
    for row in guardians_of(patient) if patient else []:
        word = label if row.is_guardian else _("Proxy")
        said = f"{word} {row.delegate.name} ({row.get_kin_display()})"
        found.append((f"guardian:{row.pk}", said))
    return [
        ("self", _("The patient")),
        *(found or [("guardian", label)]),
        ("next_of_kin", _("Next of kin")),
    ]


def specialties(asked_before: list[str], *, chosen: str) -> tuple[Choices, Choices]:
    """Those this institution asks most, the chosen one always among them; and the others."""
    order = dict.fromkeys([*filter(None, [chosen]), *asked_before, *USUAL])
    likely = set(list(order)[:SHOWN])
    choices: Choices = list(Specialty.choices)
    return [c for c in choices if c[0] in likely], [c for c in choices if c[0] not in likely]


def missing(case: Case) -> list[tuple[str, str]]:
    """What is still to be done before sending: the field, and what it is called."""
    names = [(name, _(FIELD_NAMES[name])) for name in case.missing]
    if case.asked is None:
        names.append(("asked", _("the hospital")))
    if case.consent is None or case.consent.is_refused:
        names.append(("consent", _("the signed consent")))
    return names


def faults(missing: list[tuple[str, str]], path: str, text: str) -> dict[str, str]:
    """What stands at each field: that it is empty, or why it was refused."""
    empty = {name: _("This is still empty.") for name, _label in missing}
    return empty or {"consent" if path == "signature" else path: text}
