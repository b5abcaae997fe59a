"""Registration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "telemed.people"
