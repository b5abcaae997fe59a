"""Registration."""

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "telemed.upkeep"

    def ready(self) -> None:
        from django.utils.translation import gettext_noop as _
        from django.utils.translation import pgettext_lazy

        from telemed.core import clocks, outbox
        from telemed.notifications import messages
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.upkeep import services
        from telemed.web import navigation

        messages.register("outbox.dead", _("{n} events failed and wait for you"), "U")
        outbox.subscribe(outbox.EventDied, services.tell_of_failures)
        outbox.subscribe(clocks.ClockDied, services.tell_of_failures)
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Upkeep"),
                url_name="upkeep:work",
                icon="layers",
                roles=frozenset({Role.ADMINISTRATOR}),
                kinds=frozenset({Organisation.Kind.AUTHORITY}),
                order=80,
            )
        )
