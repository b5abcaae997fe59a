"""A file of devices: its columns, and what each row says."""

from typing import Any

from django import forms

from telemed.core.choices import WordField
from telemed.core.tables import Column, Mistake, Row
from telemed.devices.models import Device

COLUMNS = (
    Column("kind", "类型", "kind"),
    Column("name", "厂家型号", "maker and model"),
    Column("serial", "序列号", "serial number"),
    Column("place", "位置", "place", needed=False),
)
EXAMPLE = ("ultrasound", "Mindray DC-30", "SN-2021-0007", "B超室")


class DeviceForm(forms.Form):
    """One device, from a page or from a row."""

    kind = WordField(choices=Device.Kind.choices)
    name = forms.CharField(max_length=80)
    serial = forms.RegexField(r"^[\w./ -]+$", max_length=64)
    place = forms.CharField(max_length=60, required=False)


def shape(row: Row) -> tuple[dict[str, Any], list[Mistake]]:
    """What a row says, or what is wrong with it by itself."""
    form = DeviceForm(row.values)
    if form.is_valid():
        return form.cleaned_data, []
    return {}, [
        Mistake(row.number, key, " ".join(str(error) for error in errors), COLUMNS)
        for key, errors in form.errors.items()
    ]
