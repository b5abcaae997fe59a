"""What the forms of a clinic's page send."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from telemed.core.errors import Invalid
from telemed.devices.sheet import DeviceForm

__all__ = ["DeviceForm", "LinkForm", "filter_of", "refusal"]


class LinkForm(forms.Form):
    """What the script measured."""

    kbit_s = forms.IntegerField(min_value=0, max_value=1_000_000)
    rtt_ms = forms.IntegerField(min_value=0, max_value=600_000)
    lost = forms.IntegerField(min_value=0, max_value=20)
    tries = forms.IntegerField(min_value=1, max_value=20)


NAMES = {
    "kind": gettext_lazy("Kind"),
    "name": gettext_lazy("Maker and model"),
    "serial": gettext_lazy("Serial number"),
    "place": gettext_lazy("Place"),
}


def refusal(form: forms.Form) -> Invalid:
    """The first mistake, with the name of its field."""
    name, errors = next(iter(form.errors.items()))
    said = " ".join(str(error) for error in errors)
    if name not in NAMES:
        return Invalid(said, path=name)
    return Invalid(_("{field}: {what}").format(field=NAMES[name], what=said), path=name)


def filter_of(text: str) -> str:
    if text not in ("", "idle", "ticket"):
        raise Invalid(_("Choose one of the values offered."), path="show")
    return text
