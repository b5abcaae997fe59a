"""What people type about a family."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.mpi.models import Death, Kin, Patient, Relation
from records.mpi.services.relating import BY_HAND
from telemed.core.errors import Invalid


class FamilyForm(forms.Form):
    """The rules are the index's own; these only read the fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs |= {"class": "in", "autocomplete": "off"}

    def refusal(self) -> Invalid:
        name, errors = next(iter(self.errors.items()))
        return Invalid(str(errors[0]), path=name)


def day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


def choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *choices])


class DelegateForm(FamilyForm):
    delegate = forms.CharField(
        label=_("ID or health card number of who acts"), required=False, max_length=40
    )
    basis = choice(_("On what basis"), Relation.Basis.choices)
    kin = choice(_("To the patient they are"), Kin.choices)
    papers = choice(_("Papers seen"), Relation.Papers.choices)
    papers_no = forms.CharField(label=_("Number of the papers"), required=False, max_length=40)
    starts_on = day(_("From"))
    ends_on = day(_("Until"))


class EndForm(FamilyForm):
    because = choice(_("Why it ends"), [(b.value, b.label) for b in BY_HAND])


class FoundForm(FamilyForm):
    address = forms.CharField(label=_("Village and house"), required=False, max_length=400)


class JoinForm(FamilyForm):
    person = forms.CharField(
        label=_("ID or health card number of who lives there"), required=False, max_length=40
    )
    kin = choice(_("To the head they are"), Kin.choices)


class LeaveForm(FamilyForm):
    left_on = day(_("Left on"))
    next_head = forms.CharField(label=_("Head from now on"), required=False, max_length=40)

    def __init__(self, *args: Any, followers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if followers:
            select = forms.Select(choices=[("", "—"), *followers], attrs={"class": "in"})
            self.fields["next_head"].widget = select
        else:
            del self.fields["next_head"]


class NewbornForm(FamilyForm):
    sex = choice(_("Sex"), Patient.Sex.choices)
    birth_date = day(_("Birth date"))
    birth_time = forms.TimeField(
        label=_("Time of birth"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    birth_order = forms.IntegerField(
        label=_("Birth order"), required=False, min_value=1, max_value=9
    )
    guardian = forms.BooleanField(
        label=_("Birth certificate seen: the mother is guardian"), required=False
    )


class DeathForm(FamilyForm):
    died_on = day(_("Died on"))
    source = choice(_("Known from"), Death.Source.choices)
    second_source = choice(_("And from"), Death.Source.choices)


class UndoDeathForm(FamilyForm):
    because = forms.CharField(label=_("Why it was a mistake"), required=False, max_length=400)


class CardForm(FamilyForm):
    health_card = forms.CharField(label=_("Health card number"), required=False, max_length=40)
