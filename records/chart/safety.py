"""What may hurt this patient, read from the record: the chips of every page about them. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from records.chart.reading import Allergies, Entry, Measurement, Medicine, Problem, terms
from records.chart.reading.elements import SNOMED, figure
from records.chart.reading.history import AllergyState
from records.mpi.models import Patient

ANTICOAGULANT = re.compile(
    r"warfarin|acenocoumarol|phenprocoumon|dabigatran|rivaroxaban|apixaban|edoxaban|heparin|enoxaparin"
    r"|dalteparin|nadroparin|fondaparinux|argatroban|bivalirudin"
    r"|华法林|达比加群|利伐沙班|阿哌沙班|艾多沙班|依度沙班|肝素|磺达肝癸|阿加曲班|比伐芦定",
    re.IGNORECASE,
)
PREGNANT = re.compile(r"\bpregnan(?:t|cy)\b|妊娠|怀孕|孕\s*\d+\s*周", re.IGNORECASE)
NOT_NOW = re.compile(
    r"\bnot pregnant|\b(?:history|test|prevention|planning)\b"
    r"|未孕|未怀孕|非妊娠|无妊娠|妊娠史|试验",
    re.IGNORECASE,
)
IMPLANT = re.compile(
    r"pacemaker|defibrillator|\bimplant|prosthe(?:sis|tic)|\bstent|cochlear"
    r"|起搏器|除颤器|植入|人工(?:关节|瓣膜|耳蜗)|支架|内固定",
    re.IGNORECASE,
)
REMOVED = re.compile(r"\bremov|explant|取出|拆除", re.IGNORECASE)
PREGNANT_CODE, TERM = (SNOMED, "77386006"), timedelta(days=300)
IMPAIRED, FAILING = 60, 30  # eGFR in mL/min/1.73 m² (KDIGO stages G3a and G4)


@dataclass(frozen=True)
class Danger:
    """One chip: grave ones are red, the others amber."""

    kind: str
    text: str
    grave: bool = False


@dataclass(frozen=True)
class Safety:
    """
    Allergies and dangers; not `complete` where part of the record could not be read.

    No danger listed means that none was recorded, not that there is none.
    """

    allergies: Allergies
    dangers: tuple[Danger, ...] = ()
    complete: bool = True

    @property
    def allergy_state(self) -> AllergyState:
        return self.allergies.state


def dangers(
    patient: Patient,
    problems: Iterable[Problem],
    medicines: Iterable[Medicine],
    measured: Iterable[Measurement],
    events: Iterable[Entry],
) -> tuple[Danger, ...]:
    """Anticoagulants, kidneys, pregnancy, implants. `measured` comes newest first."""
    measured, current = list(measured), [row for row in problems if row.active]
    found = [
        _anticoagulant(medicines, measured),
        _kidneys(measured),
        _pregnancy(patient, current, measured),
        _implants([row.text for row in current] + [row.title for row in events]),
    ]
    return tuple(danger for danger in found if danger)


def _anticoagulant(medicines: Iterable[Medicine], measured: list[Measurement]) -> Danger | None:
    taken = [row.text for row in medicines if row.active and ANTICOAGULANT.search(row.text)]
    if not taken:
        return None
    text = taken[0]
    inr = next((row for row in measured if row.code in terms.INR), None)
    if inr:
        when = inr.at.shown if inr.at else _("no date")
        text = _("{medicine}, INR {value} ({when})").format(
            medicine=text, value=inr.text, when=when
        )
    return Danger("anticoagulant", _("Anticoagulant: {}").format(text), grave=True)


def _kidneys(measured: list[Measurement]) -> Danger | None:
    newest = next((row for row in measured if row.code in terms.GLOMERULAR and row.amount), None)
    if newest is None or newest.amount is None or newest.amount >= IMPAIRED:
        return None
    text = _("Kidneys: eGFR {}, care with contrast and doses").format(figure(newest.amount))
    return Danger("renal", text, grave=newest.amount < FAILING)


def _pregnancy(
    patient: Patient, problems: list[Problem], measured: list[Measurement]
) -> Danger | None:
    """Recorded within the length of one, and not of a man."""
    if patient.sex == Patient.Sex.MALE:
        return None
    since = timezone.now() - TERM
    stated = next((row for row in measured if row.code == terms.PREGNANCY), None)
    if stated and stated.at and stated.at.at >= since:
        return Danger("pregnancy", _pregnant(stated)) if PREGNANT_CODE in stated.answer else None
    for row in problems:
        recent = row.recorded is None or row.recorded.at >= since
        named = PREGNANT.search(row.text) and not NOT_NOW.search(row.text)
        if recent and (PREGNANT_CODE in row.codes or named):
            return Danger("pregnancy", _("Pregnant: {}").format(row.text))
    return None


def _pregnant(stated: Measurement) -> str:
    shown = stated.at.shown if stated.at else ""
    return _("Pregnant, recorded {}").format(shown)


def _implants(texts: Iterable[str]) -> Danger | None:
    found = [text for text in texts if IMPLANT.search(text) and not REMOVED.search(text)]
    return Danger("implant", _("Implant: {}").format(found[0])) if found else None
