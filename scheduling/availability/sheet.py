"""A file of weekly templates: its columns, and what each row says."""

from typing import Any

from django import forms

from scheduling.availability.models import Kind
from telemed.core.choices import WordField
from telemed.core.tables import Column, Mistake, Row

COLUMNS = (
    Column("department", "科室", "department"),
    Column("username", "用户名", "user name", needed=False),
    Column("weekday", "星期", "weekday"),
    Column("starts", "开始", "from"),
    Column("ends", "结束", "until"),
    Column("capacity", "每时段号数", "places"),
    Column("period_minutes", "时段分钟", "minutes", needed=False),
    Column("kind", "类别", "kind", needed=False),
    Column("service", "检查项目", "examination", needed=False),
    Column("room", "诊室", "room", needed=False),
    Column("since", "起始日期", "first day", needed=False),
)
EXAMPLE = ("神经内科", "zhang.shili", "1", "08:00", "12:00", "4", "30", "", "", "门诊3室", "")
DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]
FIELDS = {"clinician": "username"}  # of a refusal: the column
WEEKDAYS = [
    ("1", "周一"),
    ("2", "周二"),
    ("3", "周三"),
    ("4", "周四"),
    ("5", "周五"),
    ("6", "周六"),
    ("7", "周日"),
]
MINUTES = 30


class RowForm(forms.Form):
    department = forms.CharField(max_length=100)
    username = forms.CharField(max_length=150, required=False)
    weekday = WordField(choices=WEEKDAYS)
    starts = forms.TimeField()
    ends = forms.TimeField()
    capacity = forms.IntegerField()
    period_minutes = forms.IntegerField(required=False)
    kind = WordField(choices=Kind.choices, required=False)
    service = forms.CharField(max_length=40, required=False)
    room = forms.CharField(max_length=40, required=False)
    since = forms.DateField(input_formats=DATES, required=False)


def shape(row: Row) -> tuple[dict[str, Any], list[Mistake]]:
    """What a row says, or what is wrong with it by itself."""
    form = RowForm(row.values)
    if form.is_valid():
        sent = form.cleaned_data
        sent["weekday"] = int(sent["weekday"])
        sent["period_minutes"] = sent["period_minutes"] or MINUTES
        sent["kind"] = sent["kind"] or Kind.CLINIC
        return sent, []
    return {}, [
        mistake(row, key, " ".join(str(error) for error in errors))
        for key, errors in form.errors.items()
    ]


def mistake(row: Row, key: str, text: str) -> Mistake:
    """`key` is a field of a template or a column."""
    return Mistake(row.number, FIELDS.get(key, key), text, COLUMNS)
