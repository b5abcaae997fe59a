"""What a manifest and a preview may be asked for, and what is said of an attachment."""

from django import forms
from django.utils.translation import gettext_lazy as _

from records.imaging.models import Attachment


class AttachmentForm(forms.Form):
    """What a file is that is no DICOM: a photo, a paper ECG or a PDF. Silent of all others."""

    attachment = forms.ChoiceField(
        choices=Attachment,
        required=False,
        error_messages={"invalid_choice": _("Say what it is: a photo, a paper ECG or a PDF.")},
    )


class ManifestForm(forms.Form):
    """?first=: with the preview that is looked at first, a JPEG of that quality."""

    first = forms.IntegerField(min_value=20, max_value=95, required=False)


class PreviewForm(forms.Form):
    """?size=&quality=&centre=&width=: all optional, all bounded."""

    size = forms.IntegerField(min_value=32, max_value=1024, required=False)
    quality = forms.IntegerField(min_value=20, max_value=95, required=False)
    centre = forms.FloatField(min_value=-1e6, max_value=1e6, required=False)
    width = forms.FloatField(min_value=1, max_value=1e6, required=False)
