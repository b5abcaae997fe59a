"""The words of duties: what is owed, how it stands, and what may become of it."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class Code(models.TextChoices):
    HYPERTENSION = "hypertension", _("Blood-pressure follow-up")
    HYPERTENSION_EXAM = "hypertension_exam", _("Yearly check-up, high blood pressure")
    DIABETES = "diabetes", _("Diabetes follow-up with fasting glucose")
    DIABETES_EXAM = "diabetes_exam", _("Yearly check-up, diabetes")
    ELDERLY_EXAM = "elderly_exam", _("Yearly check-up from 65")
    SELF_CARE = "self_care", _("Self-care score")
    PRESSURE = "pressure", _("Yearly blood pressure from 35")
    PRESSURE_AGAIN = "pressure_again", _("Blood pressure on another day")
    NEWBORN = "newborn", _("Home visit to the newborn")
    CHILD = "child", _("Child health check")
    PREGNANCY = "pregnancy", _("Antenatal follow-up")
    ANTENATAL_1 = "antenatal_1", _("Antenatal booking, before week 13")
    ANTENATAL_2 = "antenatal_2", _("Antenatal check, weeks 16 to 20")
    ANTENATAL_3 = "antenatal_3", _("Antenatal check, weeks 21 to 24")
    ANTENATAL_4 = "antenatal_4", _("Antenatal check, weeks 28 to 36")
    ANTENATAL_5 = "antenatal_5", _("Antenatal check, weeks 37 to 40")
    POSTPARTUM = "postpartum", _("Home visit after the birth")
    POSTPARTUM_42 = "postpartum_42", _("Check 42 days after the birth")
    MENTAL = "mental", _("Mental-health follow-up")
    MENTAL_EXAM = "mental_exam", _("Yearly check-up, mental health")
    TUBERCULOSIS_1 = "tuberculosis_1", _("First visit, tuberculosis, within 72 hours")
    TUBERCULOSIS = "tuberculosis", _("Tuberculosis medication check")
    RECHECK = "recheck", _("Recheck after a warning value")
    AFTER_CARE = "after_care", _("After the hospital")
    PACKAGE = "package", _("Service of the package")  # one that has a name and no code


class Status(models.TextChoices):
    PLANNED = "planned", _("Planned for later")
    DUE = "due", _("To be done")
    DONE = "done", _("Done, not confirmed yet")
    CONFIRMED = "confirmed", _("Confirmed")
    UNCONFIRMED = "unconfirmed", _("Not confirmed in time")
    DISPUTED = "disputed", _("Disputed")
    MISSED = "missed", _("Not done in time")
    WAIVED = "waived", _("Waived")


DISPUTABLE = timedelta(days=30)  # after it was confirmed
AHEAD = [Status.PLANNED, Status.DUE]
OPEN = [*AHEAD, Status.DISPUTED]

# The whole life of a duty, readable at a glance. Missing key: final.
TRANSITIONS = {
    Status.PLANNED: {Status.DUE, Status.WAIVED},
    Status.DUE: {Status.DONE, Status.MISSED, Status.WAIVED},
    # Back to due: struck by who entered it.
    Status.DONE: {Status.CONFIRMED, Status.UNCONFIRMED, Status.DISPUTED, Status.DUE},
    Status.UNCONFIRMED: {Status.CONFIRMED},
    Status.CONFIRMED: {Status.DISPUTED},
    Status.DISPUTED: {Status.CONFIRMED, Status.DUE, Status.WAIVED},
    # Only where the end of a pregnancy is taken back.
    Status.WAIVED: {Status.PLANNED, Status.DUE},
}


class Mode(models.TextChoices):
    FACE = "face_to_face", _("Face to face")
    REMOTE = "remote", _("By phone or video")


class Answered(models.TextChoices):
    """How the resident said that it was done; empty where a leader has settled it."""

    TAP = "tap", _("on the page")
    SMS = "sms", _("by SMS")
    SIGNED = "signed", _("signed at the visit")


class Reason(models.TextChoices):
    """Why a duty is waived; the last ones by what happened, and by nobody."""

    AWAY = "away", _("Away from home")
    REFUSED = "refused", _("Does not want it")
    HOSPITAL = "hospital", _("In hospital")
    MOVED = "moved", _("Moved away")
    DEATH = "death", _("Death")
    BORN = "born", _("The child was born")
    DATED = "dated", _("Other days follow from the due date")
    OVER = "over", _("The pregnancy has ended")
    ENDED = "ended", _("The contract has ended")


class Kind(models.TextChoices):
    """What is measured."""

    PRESSURE = "pressure", _("Blood pressure")
    GLUCOSE = "glucose", _("Fasting glucose")


class Risk(models.TextChoices):
    """The five colours of a pregnancy (五色管理)."""

    GREEN = "green", _("Green: low risk")
    YELLOW = "yellow", _("Yellow: some risk")
    ORANGE = "orange", _("Orange: higher risk")
    RED = "red", _("Red: high risk")
    PURPLE = "purple", _("Purple: infectious disease")


class Answer(models.TextChoices):
    """What a doctor says of a group that was proposed."""

    OPEN = "open", _("To be confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Not confirmed")


class End(models.TextChoices):
    """How a pregnancy ended without a birth; why, nobody is asked."""

    LOST = "lost", _("The pregnancy was lost, before week 28")
    STILL = "still", _("The child was born still, from week 28 on")
    ENDED = "ended", _("The pregnancy was ended")
