"""A choice that people write as a word."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _


class WordField(forms.CharField):
    """One of the choices, by its code or by its word in either language."""

    def __init__(self, *, choices: Sequence[tuple[str, Any]], required: bool = True) -> None:
        super().__init__(required=required)
        self.choices = list(choices)

    def to_python(self, value: Any) -> str:
        said = (super().to_python(value) or "").strip().casefold()
        for language in ("zh-hans", "en"):
            with translation.override(language):
                words = {str(word).casefold(): str(code) for code, word in self.choices}
            if said in words:
                return words[said]
        return said

    def validate(self, value: Any) -> None:
        if value and value not in {str(code) for code, _word in self.choices}:
            words = ", ".join(str(word) for code, word in self.choices if code)
            raise forms.ValidationError(_("One of: {words}").format(words=words))
        super().validate(value)
