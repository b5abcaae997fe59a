"""The switches of the shell."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ON_OFF = [("on", "on"), ("off", "off")]
THEMES = [("light", pgettext_lazy("theme", "Light")), ("dark", pgettext_lazy("theme", "Dark"))]


class PreferenceForm(forms.Form):
    """Each button posts one of them; `clean` leaves those that were posted."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES, required=False)
    large_type = forms.ChoiceField(choices=ON_OFF, required=False)
    letter_keys = forms.ChoiceField(choices=ON_OFF, required=False)

    def clean(self) -> dict[str, str | bool]:
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return {n: v == "on" if v in {"on", "off"} else v for n, v in chosen.items()}
