"""Registration."""

from django.apps import AppConfig


class AvailabilityConfig(AppConfig):
    name = "scheduling.availability"

    def ready(self) -> None:
        from dataclasses import replace

        from django.utils.translation import pgettext_lazy

        from records.fhir import keeping, projecting
        from scheduling.availability import (
            clock_handlers,
            events,
            fhir,
            messages,
            receiving,
            rules,
            services,
            slots,
            subscribers,
            waiting,
            work_in_hand,
        )
        from scheduling.availability.permissions import KEEPERS
        from telemed.core import outbox, publication
        from telemed.organisations.models import Organisation
        from telemed.people import open_work
        from telemed.people.events import (
            AccountDisabled,
            LicenceExpired,
            LicenceResumed,
            LicenceSuspended,
            LicenceVerified,
        )
        from telemed.people.models import Role
        from telemed.web import navigation, needs

        rules.define()
        publication.register(replace(fhir.SCHEDULE, receive=receiving.receive))
        publication.register(fhir.DIFFERING)
        for name, kept in receiving.KEEPINGS.items():
            keeping.register(name, kept)
        keeping.on_contradiction(services.remember)
        projecting.register("Slot", slots.SLOT)
        clock_handlers.register()
        messages.register_all()
        open_work.register(
            "session",
            work_in_hand.held,
            work_in_hand.move,
            label=pgettext_lazy("outpatients", "Sessions"),
            of_shift=False,
        )
        for event in (LicenceSuspended, LicenceExpired, AccountDisabled):
            outbox.subscribe(event, subscribers.hold_up)
        outbox.subscribe(LicenceResumed, subscribers.let_go_on)
        outbox.subscribe(LicenceVerified, subscribers.let_go_on)
        outbox.subscribe(events.SessionsToStop, subscribers.tell_to_stop)
        outbox.subscribe(events.SessionsWithheld, subscribers.tell_withheld)
        needs.register(Role.HEAD, waiting.sessions_to_stop)
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
