"""How contracts are spoken of."""

from datetime import date

from django.utils.formats import date_format


def day_words(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
