"""Registration."""

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "records.consent"

    def ready(self) -> None:
        from records.consent import access, relationships

        for relationship in (relationships.SELF, relationships.TREATED, relationships.CASE):
            access.register(relationship)
