"""What the pages of an opinion send."""

from typing import Any

from django import forms

from consult.opinions.models import LIMITS, PHRASE, SectionLease
from telemed.core.errors import Invalid, Malformed


def text_field(name: str) -> forms.CharField:
    """Text as typed: line breaks of a browser become plain ones, edges are kept."""
    return forms.CharField(required=False, strip=False, max_length=LIMITS[name])


class DraftForm(forms.Form):
    """Any of the texts, and the save that the writer last saw."""

    version = forms.IntegerField(required=False, min_value=0)
    findings = text_field("findings")
    conclusion = text_field("conclusion")
    recommendations = text_field("recommendations")

    def clean(self) -> dict[str, Any]:
        """A text that was not sent stays as it is; a browser's CRLF is one line break."""
        sent = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        return {n: v.replace("\r\n", "\n") if isinstance(v, str) else v for n, v in sent.items()}


class FillForm(DraftForm):
    """The template, and without script what stands on the page."""

    template = forms.CharField(max_length=40, required=False)


class SectionForm(forms.Form):
    """One section, and the change of it that the writer last saw."""

    section = forms.ChoiceField(choices=SectionLease.Section.choices)
    version = forms.IntegerField(min_value=0)
    text = forms.CharField(required=False, strip=False, max_length=max(LIMITS.values()))

    def clean_text(self) -> str:
        """A browser's CRLF is one line break."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class HoldForm(forms.Form):
    """Which section is taken or left; `over` takes one whose writer let the time run out."""

    section = forms.ChoiceField(choices=SectionLease.Section.choices)
    over = forms.BooleanField(required=False)


class WriterForm(forms.Form):
    user_id = forms.UUIDField()


class SignForm(DraftForm):
    """The draft as it stands on the page, the PIN, and a key so that one click signs once."""

    pin = forms.CharField(max_length=12)
    key = forms.CharField(max_length=80, required=False)
    unfinished = forms.BooleanField(required=False)
    off_duty = forms.CharField(max_length=LIMITS["reason"], required=False)


class StateForm(forms.Form):
    """What an expert of a joint consult says; the PIN signs a dissent."""

    view = forms.CharField(max_length=8, required=False)
    text = forms.CharField(max_length=2 * LIMITS["statement"], required=False, strip=False)
    pin = forms.CharField(max_length=12, required=False)


class AmendForm(forms.Form):
    reason = forms.CharField(max_length=LIMITS["reason"])


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=LIMITS["reason"])


class PhraseForm(forms.Form):
    """`phrase` names the one that is changed; without it, it is a new one."""

    phrase = forms.UUIDField(required=False)
    short = forms.CharField(max_length=PHRASE["short"] + 1)
    text = forms.CharField(max_length=PHRASE["text"])
    shared = forms.BooleanField(required=False)


def read(form: forms.Form) -> dict[str, Any]:
    """What the form holds, or the first thing that is wrong with it."""
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    kind = Malformed if name == "version" else Invalid
    raise kind(str(errors[0]), path=name)
