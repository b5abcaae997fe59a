"""What comes with a key image."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consult.keyimages.models import CAPTION
from consult.requests.forms import refusal

__all__ = ["KeyImageForm", "PlaceForm", "StillForm", "refusal"]
LONGEST = 20_000  # characters of the view, and of the marks
PICTURE = 4 << 20  # bytes
MARKS = 100


def bounded(value: Any) -> None:
    if len(json.dumps(value)) > LONGEST:
        raise ValidationError(_("There are too many marks on this picture."))


class KeyImageForm(forms.Form):
    """The picture as the browser drew it, where it is from, and its marks as data."""

    client_id = forms.UUIDField()
    study = forms.UUIDField()
    series = forms.RegexField(r"^[0-9.]{1,64}(#[0-9]{1,6})?$", max_length=80)
    slice = forms.IntegerField(min_value=0, max_value=100_000)
    caption = forms.CharField(max_length=CAPTION)
    view = forms.JSONField(validators=[bounded])
    marks = forms.JSONField(required=False, validators=[bounded])
    picture = forms.FileField(max_length=200)

    def clean_view(self) -> Any:
        if not isinstance(self.cleaned_data["view"], dict):
            raise ValidationError(_("The picture could not be read."))
        return self.cleaned_data["view"]

    def clean_marks(self) -> Any:
        marks = self.cleaned_data["marks"] or []
        sound = isinstance(marks, list) and all(isinstance(one, dict) for one in marks)
        if not sound or len(marks) > MARKS:
            raise ValidationError(_("There are too many marks on this picture."))
        return marks

    def clean_picture(self) -> Any:
        if self.cleaned_data["picture"].size > PICTURE:
            raise ValidationError(_("The picture is larger than this system reads."))
        return self.cleaned_data["picture"]


class StillForm(forms.Form):
    """A frame of the video of `camera_of`, and that the patient agreed."""

    client_id = forms.UUIDField()
    camera_of = forms.UUIDField()
    agreed = forms.BooleanField(required=False)
    picture = forms.FileField(max_length=200)

    def clean_picture(self) -> Any:
        if self.cleaned_data["picture"].size > PICTURE:
            raise ValidationError(_("The picture is larger than this system reads."))
        return self.cleaned_data["picture"]


class PlaceForm(forms.Form):
    in_opinion = forms.BooleanField(required=False)
