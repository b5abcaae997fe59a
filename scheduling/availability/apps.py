"""Registration."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "scheduling.availability"

    def ready(self) -> None:
        from dataclasses import replace

        from django.utils.translation import pgettext_lazy

        from records.fhir import keeping, projecting
        from scheduling.availability import clock_handlers, fhir, receiving, rules, services, slots
        from scheduling.availability.permissions import KEEPERS
        from telemed.core import publication
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.web import navigation

        rules.define()
        publication.register(replace(fhir.SCHEDULE, receive=receiving.receive))
        publication.register(fhir.DIFFERING)
        for name, kept in receiving.KEEPINGS.items():
            keeping.register(name, kept)
        keeping.on_contradiction(services.remember)
        projecting.register("Slot", slots.SLOT)
        clock_handlers.register()
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("outpatients", "Sessions"),
                url_name="sessions:home",
                icon="clock",
                roles=frozenset({*KEEPERS, Role.SPECIALIST}),
                kinds=frozenset({Organisation.Kind.HOSPITAL}),
                order=46,
            )
        )
