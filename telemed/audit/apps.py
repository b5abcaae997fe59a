"""Registration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "telemed.audit"

    def ready(self) -> None:
        from telemed.audit import partitions as months
        from telemed.core import partitions

        partitions.register(months.make_months)
