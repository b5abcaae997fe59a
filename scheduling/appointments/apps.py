"""Registration."""

from dataclasses import replace

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "scheduling.appointments"

    def ready(self) -> None:
        from records.chart import sections
        from records.fhir import operating
        from records.mpi import merge_checks
        from records.mpi.events import PersonDeceased
        from scheduling.appointments import (
            charged,
            clock_handlers,
            contributions,
            events,
            fees,
            fhir,
            merging,
            messages,
            operations,
            penalties,
            queries,
            receiving,
            replying,
            rules,
            services,
            signals,
            subscribers,
            timing,
            video,
        )
        from scheduling.appointments.views.booking import day
        from scheduling.availability import booked, freed
        from scheduling.availability.events import (
            SessionFinished,
            SessionMoved,
            SessionResized,
            SessionRestored,
            SessionsPublished,
            SessionStopped,
            StopSettled,
        )
        from telemed.core import outbox, publication
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.web import homes, kits, navigation, needs

        rules.define()
        rules.define_night()
        rules.define_trips()
        timing.define()
        signals.define()
        signals.register()
        charged.register()
        fees.define()
        penalties.define()
        video.define()
        replying.register()
        freed.register(services.offer_free, seat=services.seat_staying, rests=rules.is_night)
        publication.register(
            replace(fhir.APPOINTMENT, receive=receiving.receive, taking=receiving.TAKING)
        )
        publication.register(fhir.RESPONSE)
        publication.register(fhir.ATTENDANCE)
        for operation in (operations.FIND, operations.HOLD, operations.BOOK):
            operating.register("Appointment", operation)
        clock_handlers.register()
        booked.register(queries.booked_in)
        booked.register_panel(booked.Panel("appointments/_displaced.html", services.open_displaced))
        merge_checks.register("appointments", merging.both_booked)
        merge_checks.register_step("appointments", merge=merging.repoint, separate=merging.part)
        messages.register_all()
        kits.register(kits.Kit("booking:kit", under="/booking/"))
        sections.register(contributions.TODAY)
        sections.register(contributions.BOOK)
        sections.register(contributions.VISITS)
        for event, subscriber in (
            (events.AppointmentBooked, subscribers.tell_booked),
            (events.BatchBooked, subscribers.tell_batch),
            (events.AppointmentMoved, subscribers.tell_moved),
            (events.AppointmentCancelled, subscribers.tell_cancelled),
            (events.AppointmentMissed, subscribers.tell_missed),
            (events.AppointmentCalledOff, subscribers.tell_called_off),
            (events.AppointmentPlanLost, subscribers.tell_plan_lost),
            (events.AppointmentRebooked, subscribers.tell_rebooked),
            (events.AppointmentStays, subscribers.tell_staying),
            (events.TripBooked, subscribers.tell_trip_booked),
            (events.TripMoved, subscribers.tell_trip_moved),
            (events.TripCancelled, subscribers.tell_trip_cancelled),
            (events.WaitlistJoined, subscribers.tell_waiting),
            (events.WaitlistOffered, subscribers.tell_offered),
            (SessionsPublished, subscribers.seat_staying),
            (SessionResized, subscribers.offer_returned),
            (SessionMoved, subscribers.offer_returned),
            (SessionStopped, subscribers.displace),
            (StopSettled, subscribers.tell_stopped),
            (SessionRestored, subscribers.restore),
            (SessionFinished, subscribers.miss),
            (PersonDeceased, subscribers.end_for_death),
        ):
            outbox.subscribe(event, subscriber)
        navigation.register(
            navigation.Item(
                label=_("Book a visit"),
                url_name="booking:find",
                icon="cal",
                roles=frozenset({Role.RESIDENT}),
                order=10,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Visits"),
                url_name="booking:day",
                icon="cal",
                roles=frozenset(
                    {Role.DESK, Role.COORDINATOR, Role.SPECIALIST, Role.TOWNSHIP_DOCTOR}
                ),
                order=45,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Appeals"),
                url_name="booking:appeals",
                icon="shield",
                roles=frozenset({Role.COORDINATOR, Role.ADMINISTRATOR}),
                kinds=frozenset({Organisation.Kind.HOSPITAL, Organisation.Kind.AUTHORITY}),
                order=47,
            )
        )
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
            needs.register(role, penalties.appeals_waiting)
        homes.register(Role.DESK, day)
