"""The switches of the shell."""

from django import forms
from django.conf import settings

ON_OFF = [("on", "on"), ("off", "off")]


class PreferenceForm(forms.Form):
    """Each button posts one of them; `clean` leaves those that were posted."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=[("light", "light"), ("dark", "dark")], required=False)
    large_type = forms.ChoiceField(choices=ON_OFF, required=False)
    letter_keys = forms.ChoiceField(choices=ON_OFF, required=False)

    def clean(self) -> dict[str, str | bool]:
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return {n: v == "on" if v in {"on", "off"} else v for n, v in chosen.items()}
