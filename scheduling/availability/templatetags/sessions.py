"""How the pages of sessions say days."""

from datetime import date

from django import template

from scheduling.availability import words

register = template.Library()


@register.filter
def weekday(day: date) -> str:
    """{{ session.day|weekday }}: 周一"""
    return words.weekday(day.isoweekday())
