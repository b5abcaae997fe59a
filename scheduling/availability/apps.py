"""Registration."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "scheduling.availability"

    def ready(self) -> None:
        from django.utils.translation import pgettext_lazy

        from records.fhir import projecting
        from scheduling.availability import clock_handlers, fhir, rules, slots
        from scheduling.availability.permissions import KEEPERS
        from telemed.core import publication
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.web import navigation

        rules.define()
        publication.register(fhir.SCHEDULE)
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
