"""Parsing what the pages of sign-up send; the rules are the services'."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from scheduling.registration import included, limited
from scheduling.registration.models import Function, Group, Package
from scheduling.registration.services import Content
from telemed.core.errors import Invalid
from telemed.web.pictures import PictureField

Form = TypeVar("Form", bound=forms.Form)
YUAN = Decimal(100)  # fen


def read(form: Form) -> Form:
    """The form, valid; else the first thing that is wrong, at its field."""
    if not form.is_valid():
        path, errors = next(iter(form.errors.items()))
        raise Invalid(str(errors[0]), path=path)
    return form


class ApplyForm(forms.Form):
    """For whom (their ids), what and for how long; at the clinic with the photo of the paper."""

    package = forms.UUIDField(required=False)
    years = forms.IntegerField(required=False)
    change_because = forms.CharField(required=False, max_length=11)
    photo = forms.ImageField(required=False)

    def picture(self) -> bytes | None:
        photo = self.cleaned_data.get("photo")
        return photo.read() if photo else None


class SignForm(forms.Form):
    """`way` says which of the two counts: the drawn line or the photo of the paper."""

    way = forms.ChoiceField(choices=[("drawn", "drawn"), ("paper", "paper")], required=False)
    signature = PictureField(required=False, max_length=600_000)
    photo = forms.ImageField(required=False)
    under = forms.UUIDField(required=False)
    read_aloud = forms.BooleanField(required=False)
    has_read = forms.BooleanField(required=False)

    def picture(self) -> bytes | None:
        photo = self.cleaned_data.get("photo")
        return photo.read() if photo else self.cleaned_data["signature"]


class YearsForm(forms.Form):
    years = forms.IntegerField(required=False)


class EndForm(forms.Form):
    because = forms.CharField(required=False, max_length=11)
    note = forms.CharField(required=False, max_length=500)


class AgreeForm(forms.Form):
    doctor = forms.UUIDField(required=False)


class RejectForm(forms.Form):
    rejection = forms.CharField(required=False, max_length=7)


class TeamForm(forms.Form):
    """A new team: its name and its leader; or what is said about one."""

    name = forms.CharField(required=False, max_length=60)
    leader = forms.UUIDField(required=False)
    villages = forms.CharField(required=False, max_length=200)
    phone = forms.CharField(required=False, max_length=20)


class MemberForm(forms.Form):
    """Somebody with an account, or a nurse by name."""

    function = forms.ChoiceField(
        choices=Function, error_messages={"required": _("Please choose what they do in the team.")}
    )
    user = forms.UUIDField(required=False)
    name = forms.CharField(required=False, max_length=60)


class CloseForm(forms.Form):
    """What happens to the team and why; whose villages go where, `plan_of` reads."""

    kind = forms.CharField(required=False, max_length=7)
    reason = forms.CharField(required=False, max_length=200)
    left_reason = forms.CharField(required=False, max_length=500)


def plan_of(sent: QueryDict) -> dict[str, UUID | None]:
    """By village the team that was chosen beside it; empty: nobody."""
    villages = sent.getlist("village")
    chosen = [sent.get(f"to-{n}", "") for n in range(len(villages))]
    try:
        found = [UUID(one) if one else None for one in chosen]
    except ValueError:
        said = gettext("Please choose a team that takes people.")
        raise Invalid(said, path="successor") from None
    return dict(zip(villages, found, strict=True))


class NoteForm(forms.Form):
    note = forms.CharField(required=False, max_length=200)


class LeaveForm(forms.Form):
    successor = forms.UUIDField(required=False)


class PackageForm(forms.Form):
    """A line of the county's table; the price in yuan."""

    county = forms.CharField(max_length=12)
    name = forms.CharField(max_length=60)
    kind = forms.ChoiceField(choices=Package.Kind)
    contents = forms.CharField(max_length=2_000)
    price = forms.DecimalField(min_value=0, max_value=10_000, decimal_places=2)
    insurance = forms.IntegerField(min_value=0, max_value=100)
    public_health = forms.IntegerField(min_value=0, max_value=100)
    resident = forms.IntegerField(min_value=0, max_value=100)
    groups = forms.MultipleChoiceField(choices=Group, required=False)

    def content(self, limits: dict[str, int], services: dict[int, included.Row]) -> Content:
        said: dict[str, Any] = {**self.cleaned_data, "limits": limits, "services": services}
        said.pop("county")
        fen = (said.pop("price") * YUAN).quantize(Decimal(1), ROUND_HALF_UP)
        return Content(price=int(fen), **said)


def limits_of(sent: QueryDict) -> dict[str, int]:
    """By service the number beside it; an empty field limits nothing."""
    found = {}
    for code, _name in limited.services():
        text = sent.get(f"limit-{code}", "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit()) or len(text) > 4:
            said = gettext("Enter how many times a year as a whole number.")
            raise Invalid(said, path=f"limit-{code}")
        found[code] = int(text)
    return found


def services_of(sent: QueryDict) -> dict[int, included.Row]:
    """The rows in which a service is named, by their number; empty ones are left out."""
    found: dict[int, included.Row] = {}
    for n in range(1, included.ROWS + 1):
        code = sent.get(f"service-{n}", "").strip()
        name = " ".join(sent.get(f"service-name-{n}", "").split())
        times = sent.get(f"service-times-{n}", "").strip()
        if not (code or name or times):
            continue
        if not (code or name):
            raise Invalid(gettext("Say which service this is."), path=f"service-{n}")
        if not (times.isascii() and times.isdigit()) or len(times) > 4:
            said = gettext("Enter how many times a year as a whole number.")
            raise Invalid(said, path=f"service-times-{n}")
        face = sent.get(f"service-how-{n}", "face") == "face"
        found[n] = {"code": code, "name": name, "times": int(times), "face": face}
    return found
