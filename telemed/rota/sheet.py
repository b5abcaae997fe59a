"""A file of shifts: its columns, and what each row says."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from telemed.core.choices import WordField
from telemed.core.tables import Column, Mistake, Row
from telemed.organisations.models import Specialty
from telemed.rota.models import Shift

COLUMNS = (
    Column("day", "日期", "date"),
    Column("kind", "班次", "shift"),
    Column("specialty", "专科", "specialty", needed=False),
    Column("username", "用户名", "user name"),
    Column("starts", "开始", "from"),
    Column("ends", "结束", "until"),
    Column("phone", "电话", "phone", needed=False),
)
EXAMPLE = ("2027-03-01", "first_call", "neurology", "zhang.shili", "08:00", "08:00", "")
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
FIELDS = {"user": "username", "starts_at": "starts", "ends_at": "ends"}  # of a refusal: the column


class RowForm(forms.Form):
    day = forms.DateField(input_formats=DATES)
    kind = WordField(choices=Shift.Kind.choices)
    specialty = WordField(choices=Specialty.choices, required=False)
    username = forms.CharField(max_length=150)
    starts = forms.TimeField()
    ends = forms.TimeField()
    phone = forms.RegexField(r"^[0-9+ -]*$", max_length=20, required=False)

    def clean(self) -> dict[str, Any]:
        """An end at or before the start is the next day's."""
        sent = self.cleaned_data
        if {"day", "starts", "ends"} <= sent.keys():
            start, end = (datetime.combine(sent["day"], sent[key]) for key in ("starts", "ends"))
            end = end if end > start else end + timedelta(days=1)
            sent["span"] = (timezone.make_aware(start), timezone.make_aware(end))
        return sent


def shape(row: Row) -> tuple[dict[str, Any], list[Mistake]]:
    """What a row says, or what is wrong with it by itself."""
    form = RowForm(row.values)
    if form.is_valid():
        return form.cleaned_data, []
    return {}, [
        mistake(row, key, " ".join(str(error) for error in errors))
        for key, errors in form.errors.items()
    ]


def mistake(row: Row, key: str, text: str) -> Mistake:
    """`key` is a field of a shift or a column."""
    return Mistake(row.number, FIELDS.get(key, key), text, COLUMNS)
