"""Pictures that come with a form: drawn on a pad, or shrunk from a photo."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

PICTURES = {  # how a data URL begins, and how the picture in it does
    "data:image/png;base64,": b"\x89PNG\r\n\x1a\n",
    "data:image/jpeg;base64,": b"\xff\xd8\xff",
}


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
