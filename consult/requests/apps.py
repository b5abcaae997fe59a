"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "consult.requests"

    def ready(self) -> None:
        from consult.requests import clock_handlers, contributions, fhir, indicators, network
        from consult.requests.views.lists import home
        from records.chart import sections
        from telemed.core import publication
        from telemed.organisations import work
        from telemed.oversight.indicators import register
        from telemed.people.models import Role
        from telemed.web import homes, navigation

        publication.register(fhir.CASE)
        register(indicators.SOURCE)
        clock_handlers.register()
        work.register(network.open_under)
        sections.register(contributions.ASK)
        sections.register(contributions.CONSULTS)
        for role in (Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.COORDINATOR):
            homes.register(role, home)
        navigation.register(
            navigation.Item(
                label=_("Consults"),
                url_name="requests:list",
                icon="consult",
                roles=frozenset({Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.COORDINATOR}),
                order=20,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Emergency consult"),
                url_name="requests:emergency",
                icon="alert",
                roles=frozenset({Role.TOWNSHIP_DOCTOR}),
                urgent=True,
                key="e",
            )
        )
