"""Parsing what pages send about a case; the rules are the services'."""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.requests.fields import PersonField, UUIDsField
from consult.requests.models import (
    Case,
    Kind,
    Offer,
    Outcome,
    Question,
    Receipt,
    Status,
    WantedTime,
)
from consult.requests.presenting import Plan
from consult.requests.queries import Filter, Turn
from records.consent.models import Consent
from records.mpi.models import Patient
from telemed.core.errors import Invalid
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner
from telemed.web.pictures import PictureField


class DraftForm(forms.ModelForm):
    """Any part of a request: only the fields that were sent are saved."""

    asked = forms.UUIDField(required=False)
    proposed = forms.UUIDField(required=False)
    wanted_doctor = forms.UUIDField(required=False)

    class Meta:
        model = Case
        fields = [
            *("reason", "aim", "wanted_time", "summary", "specialty", "title"),
            "route_reason",
        ]

    def sent(self) -> dict[str, Any]:
        """The cleaned values of the fields that were in the request."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


class RoutesForm(forms.Form):
    """For which request the hospitals are to be put in order."""

    joint = forms.BooleanField(required=False)
    specialty = forms.ChoiceField(choices=Specialty, required=False)
    what = forms.CharField(required=False)
    asked = forms.UUIDField(required=False)


class Signer(NamedTuple):
    """Who signs; of a guardian, the row of the register that makes them one."""

    relation: str
    under: UUID | None = None


class SignerField(forms.CharField):
    """self, next_of_kin, guardian, or guardian:<row of the register>."""

    def clean(self, value: Any) -> Signer:
        relation, _mark, under = super().clean(value).partition(":")
        if relation not in Consent.Relation.values:
            if not self.required and not relation:
                return Signer("")
            raise forms.ValidationError(_("Please choose who signs."))
        try:
            return Signer(relation, UUID(under) if under else None)
        except ValueError:
            raise forms.ValidationError(_("Please choose who signs.")) from None


class SignedForm(forms.Form):
    """Who signs, and the drawn picture or the photo of paper."""

    relation = SignerField(max_length=60, required=False)
    signature = PictureField(required=False, max_length=600_000)
    photo = forms.ImageField(required=False)
    waiting_reason = forms.CharField(max_length=200, required=False)

    def picture(self) -> bytes | None:
        photo = self.cleaned_data.get("photo")
        return photo.read() if photo else self.cleaned_data["signature"]


FAULTS = ("required", "invalid", "min_value")
FEE = _("Choose the hospital first: the consent names it and its fee.")


class ConsentForm(SignedForm):
    """`way`, because a control named method hides the form's own."""

    way = forms.ChoiceField(choices=[(one.value, one.label) for one in Consent.ASKED_FOR])
    relation = SignerField(max_length=60)
    signer_name = forms.CharField(max_length=60, required=False)
    fee = forms.IntegerField(min_value=0, error_messages=dict.fromkeys(FAULTS, FEE))  # fen


class RefusedForm(forms.Form):
    """Who does not agree, and why if they say so; `reason` is a field of the request itself."""

    relation = SignerField(max_length=60)
    why_refused = forms.CharField(max_length=200, required=False)


OLDEST = 130  # years
AGE = _("The age is a whole number of years, at most 130.")


class EmergencyForm(SignedForm):
    """The whole emergency request on one page: patient, what it is, consent."""

    WHAT = {
        "chest_pain": (_("Chest pain"), Specialty.CARDIOLOGY),
        "stroke": (_("Stroke"), Specialty.NEUROLOGY),
        "injury": (_("Injury"), Specialty.EMERGENCY),
        "pregnancy": (_("Pregnancy or birth"), Specialty.OBSTETRICS),
        "breathing": (_("Short of breath"), Specialty.RESPIRATORY),
        "other": (_("Something else"), Specialty.EMERGENCY),
    }

    patient = PersonField(error_messages={"required": _("Find the patient first.")})
    name = forms.CharField(max_length=60, required=False)
    sex = forms.ChoiceField(choices=Patient.Sex, required=False)
    age = forms.IntegerField(
        min_value=0,
        max_value=OLDEST,
        required=False,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], AGE),
    )
    what = forms.ChoiceField(
        choices=[(key, label) for key, (label, _s) in WHAT.items()],
        error_messages={"required": _("Choose what it is.")},
    )
    reason = forms.CharField(max_length=500, required=False)
    studies = UUIDsField(required=False)
    attached = UUIDsField(required=False)  # on this page, and in the record by now
    asked = forms.UUIDField(error_messages={"required": _("Choose the hospital.")})
    fee = forms.IntegerField(min_value=0, required=False)  # in fen, as the page named it
    consent = forms.ChoiceField(
        choices=[(one.value, one.label) for one in Consent.ASKED_FOR],
        error_messages={"required": _("Choose how the patient consents.")},
    )
    key = forms.CharField(max_length=80)

    @property
    def whole_reason(self) -> str:
        """What it is and what was typed, as the request says it."""
        sent = self.cleaned_data
        unknown = sent["patient"] == PersonField.UNKNOWN and sent["age"] is not None
        age = _("about {n} years old").format(n=sent["age"]) if unknown else ""
        label, _specialty = self.WHAT[sent["what"]]
        return " ".join(filter(None, [str(label), age, sent["reason"]]))[:500]


class DeclineForm(forms.Form):
    code = forms.ChoiceField(choices=Offer.Decline)
    text = forms.CharField(max_length=200, required=False)


class AssignForm(forms.Form):
    doctor = forms.UUIDField()


class RecentForm(forms.Form):
    """Of whom an emergency may take something along."""

    patient = forms.UUIDField(error_messages={"required": _("Find the patient first.")})


class AssignManyForm(AssignForm):
    cases = UUIDsField(required=False)


class ReceiptForm(forms.Form):
    decision = forms.ChoiceField(choices=Receipt.Decision)
    reason = forms.CharField(max_length=500, required=False)
    version = forms.IntegerField(min_value=1)
    note = forms.CharField(max_length=200, required=False)
    close = forms.BooleanField(required=False)
    instead_of = forms.IntegerField(min_value=0, required=False)

    def clean_close(self) -> bool:
        """It closes the case, unless the page had the tick and it was taken out."""
        return bool(self.cleaned_data["close"]) or "close_sent" not in self.data


class CancelForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)
    duplicate_of = forms.CharField(max_length=20, required=False)


class CloseForm(forms.Form):
    note = forms.CharField(max_length=200, required=False)


class AskForm(forms.Form):
    """Fields of the request, or a question in words."""

    fields_asked = forms.MultipleChoiceField(
        choices=[(name, name) for name in Question.ASKABLE], required=False
    )
    text = forms.CharField(max_length=500, required=False)


class AnswerForm(forms.Form):
    """What a question opened, and nothing else: only the fields that were sent are values."""

    reason = forms.CharField(max_length=500, required=False)
    aim = forms.CharField(max_length=500, required=False)
    wanted_time = forms.ChoiceField(choices=[("", ""), *WantedTime.choices], required=False)
    summary = forms.CharField(max_length=4000, required=False)
    text = forms.CharField(max_length=1000, required=False)
    not_available = forms.BooleanField(required=False)

    def values(self) -> dict[str, Any]:
        names = set(Question.ASKABLE) & set(self.data) & set(self.fields)
        return {name: self.cleaned_data[name] for name in sorted(names)}


class HandOverForm(forms.Form):
    doctor = forms.UUIDField(error_messages={"required": _("Choose a doctor from the list.")})
    note = forms.CharField(max_length=500, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=200, required=False)


class RegradeForm(ReasonForm):
    kind = forms.ChoiceField(choices=Kind)


class TimeForm(forms.Form):
    """A day and a half hour of the province's time."""

    starts_at = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        error_messages={"required": _("Choose a time."), "invalid": _("Choose a time.")},
    )
    half_hours = forms.IntegerField(min_value=1, max_value=4, required=False)


class PlanForm(TimeForm):
    """A joint consult as it is set up: a doctor for each specialty, one of them in the chair."""

    chair = forms.CharField(max_length=20, required=False)
    agenda = forms.CharField(max_length=2000, required=False, strip=False)

    def plan(self) -> dict[str, Any]:
        """What the service takes. Raises Invalid for a specialty without a doctor."""
        sent = read_plan(self.data)
        experts = {}
        for specialty in dict.fromkeys(sent.specialties):
            try:
                experts[specialty] = UUID(sent.doctors.get(specialty, ""))
            except ValueError:
                known = specialty in Specialty.values
                label = Specialty(specialty).label if known else specialty
                message = _("Choose a doctor for {specialty}.").format(specialty=label)
                raise Invalid(message, path=f"doctor-{specialty}") from None
        return {
            "experts": experts,
            "chair": self.cleaned_data["chair"],
            "starts_at": self.cleaned_data["starts_at"],
            "half_hours": self.cleaned_data["half_hours"] or 1,
            "agenda": self.cleaned_data["agenda"].replace("\r\n", "\n"),
        }


def read_plan(sent: Any) -> Plan:
    """What a page says of a plan, whatever of it can be used."""
    given = {n.partition("-")[2]: v for n, v in sent.items() if n.startswith("doctor-")}
    length = sent.get("half_hours", "1")
    return Plan(
        specialties=[s for s in sent.getlist("specialties") if s in Specialty.values],
        doctors=given,
        chair=sent.get("chair", ""),
        starts_at=sent.get("starts_at", ""),
        half_hours=int(length) if length in ("1", "2", "3", "4") else 1,
        agenda=sent.get("agenda", ""),
    )


class ReplaceForm(AssignForm):
    doctor = forms.UUIDField(error_messages={"required": _("Choose a doctor from the list.")})
    offer = forms.UUIDField()


class DoctorThere(forms.CharField):
    """A doctor at a hospital: two ids joined by a colon."""

    default_error_messages = {"required": _("Choose a doctor from the list.")}

    def clean(self, value: Any) -> tuple[UUID, UUID]:
        hospital, _colon, doctor = str(super().clean(value)).partition(":")
        try:
            return UUID(hospital), UUID(doctor)
        except ValueError:
            raise forms.ValidationError(str(self.error_messages["required"])) from None


class PassOnForm(forms.Form):
    doctor = DoctorThere(max_length=80)
    reason = forms.CharField(max_length=200, required=False)


class ModeForm(forms.Form):
    mode = forms.ChoiceField(choices=Case.Mode)


class OutcomeForm(forms.Form):
    day = forms.IntegerField()
    result = forms.ChoiceField(
        choices=Outcome.Result, error_messages={"required": _("Choose how the patient is.")}
    )
    note = forms.CharField(max_length=200, required=False)


class CompleteForm(forms.Form):
    """What an emergency went without."""

    reason = forms.CharField(max_length=500, required=False)
    aim = forms.CharField(max_length=500, required=False)
    wanted_time = forms.ChoiceField(choices=[("", ""), *WantedTime.choices], required=False)
    summary = forms.CharField(max_length=4000, required=False)


class ListForm(forms.Form):
    """The filters of a list; what is no value of a filter is no filter."""

    status = forms.CharField(required=False)
    kind = forms.CharField(required=False)
    turn = forms.CharField(required=False)
    q = forms.CharField(required=False)
    before = forms.CharField(required=False)

    KNOWN = {"status": Status.values, "kind": Kind.values, "turn": Turn.values}

    def wanted(self) -> Filter:
        self.is_valid()
        sent = self.cleaned_data
        known = {
            name: sent.get(name, "") if sent.get(name) in values else ""
            for name, values in self.KNOWN.items()
        }
        before = sent.get("before", "")
        cursor = before if len(before) == 36 and before.replace("-", "").isalnum() else ""
        return Filter(text=sent.get("q", "").strip()[:20], before=cursor, **known)


def first_error(form: forms.BaseForm) -> tuple[str, str]:
    """The first field that is wrong, and its sentence."""
    name, errors = next(iter(form.errors.items()))
    return str(name), str(errors[0])


def refusal(form: forms.BaseForm) -> Invalid:
    """The first field that is wrong, as a refusal."""
    name, message = first_error(form)
    return Invalid(message, path=name)


WANTED_TIMES = WantedTime.choices
TITLES = [
    (value, label)
    for value, label in Practitioner.Title.choices
    if value
    in (Practitioner.Title.ATTENDING, Practitioner.Title.ASSOCIATE, Practitioner.Title.CHIEF)
]
