"""Parsing what pages send about a case; the rules are the services'."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consult.requests.models import Case, Offer, Receipt, WantedTime
from records.consent.models import Consent
from telemed.organisations.models import Specialty
from telemed.people.models import Practitioner

PICTURES = {  # how a data URL begins, and how the picture in it does
    "data:image/png;base64,": b"\x89PNG\r\n\x1a\n",
    "data:image/jpeg;base64,": b"\xff\xd8\xff",
}


class DraftForm(forms.ModelForm):
    """Any part of a request: only the fields that were sent are saved."""

    asked = forms.UUIDField(required=False)

    class Meta:
        model = Case
        fields = ["reason", "aim", "wanted_time", "summary", "specialty", "title"]

    def sent(self) -> dict[str, Any]:
        """The cleaned values of the fields that were in the request."""
        return {name: value for name, value in self.cleaned_data.items() if name in self.data}


class PictureField(forms.CharField):
    """A PNG drawn on a canvas, or the JPEG of a photo, as a data URL; cleaned to bytes."""

    def clean(self, value: Any) -> bytes | None:
        text = super().clean(value)
        if not text:
            return None
        for start, magic in PICTURES.items():
            if text.startswith(start):
                try:
                    picture = base64.b64decode(text.removeprefix(start), validate=True)
                except (binascii.Error, ValueError):
                    break
                if picture.startswith(magic):
                    return picture
        raise forms.ValidationError(_("The signature is not a picture. Please sign again."))


class SignedForm(forms.Form):
    """Who signs, and the drawn picture or the photo of paper."""

    relation = forms.ChoiceField(choices=Consent.Relation, required=False)
    signature = PictureField(required=False, max_length=600_000)
    photo = forms.ImageField(required=False)
    waiting_reason = forms.CharField(max_length=200, required=False)

    def picture(self) -> bytes | None:
        photo = self.cleaned_data.get("photo")
        return photo.read() if photo else self.cleaned_data["signature"]


class ConsentForm(SignedForm):
    """`way`, because a control named method hides the form's own."""

    way = forms.ChoiceField(choices=Consent.Method)
    relation = forms.ChoiceField(choices=Consent.Relation)
    signer_name = forms.CharField(max_length=60, required=False)


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

    patient = forms.UUIDField(error_messages={"required": _("Find the patient first.")})
    what = forms.ChoiceField(
        choices=[(key, label) for key, (label, _s) in WHAT.items()],
        error_messages={"required": _("Choose what it is.")},
    )
    reason = forms.CharField(max_length=500, required=False)
    asked = forms.UUIDField(error_messages={"required": _("Choose the hospital.")})
    consent = forms.ChoiceField(
        choices=Consent.Method,
        error_messages={"required": _("Choose how the patient consents.")},
    )
    key = forms.CharField(max_length=80)


class DeclineForm(forms.Form):
    code = forms.ChoiceField(choices=Offer.Decline)
    text = forms.CharField(max_length=200, required=False)


class AssignForm(forms.Form):
    doctor = forms.UUIDField()


class ReceiptForm(forms.Form):
    decision = forms.ChoiceField(choices=Receipt.Decision)
    reason = forms.CharField(max_length=500, required=False)
    version = forms.IntegerField(min_value=1)


class CancelForm(forms.Form):
    reason = forms.CharField(max_length=200)


def first_error(form: forms.BaseForm) -> tuple[str, str]:
    """The first field that is wrong, and its sentence."""
    name, errors = next(iter(form.errors.items()))
    return str(name), str(errors[0])


WANTED_TIMES = WantedTime.choices
TITLES = [
    (value, label)
    for value, label in Practitioner.Title.choices
    if value
    in (Practitioner.Title.ATTENDING, Practitioner.Title.ASSOCIATE, Practitioner.Title.CHIEF)
]
