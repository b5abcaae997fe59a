"""Registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MpiConfig(AppConfig):
    name = "records.mpi"

    def ready(self) -> None:
        from records.mpi import (
            fhir,
            merge_checks,
            messages,
            queries,
            reaching,
            rules,
            services,
            subscribers,
        )
        from records.mpi.events import PersonDeceased
        from records.mpi.permissions import REVIEWERS
        from records.mpi.waiting import pairs_to_review
        from telemed.core import clocks, outbox, publication
        from telemed.notifications import persons, silent
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.web import navigation, needs

        publication.register(fhir.PATIENT)
        publication.register(fhir.RELATED)
        messages.register_all()
        rules.define()
        needs.register(Role.ADMINISTRATOR, pairs_to_review)
        clocks.register("person.identify", lambda clock: services.remind_to_identify(clock=clock))
        clocks.register("match.review", lambda clock: services.remind_to_review(clock=clock))
        clocks.register("guardian.ends", lambda clock: services.come_to_age(clock=clock))
        outbox.subscribe(PersonDeceased, subscribers.end_relations)
        outbox.subscribe(PersonDeceased, subscribers.stop_messages)
        silent.register(services.has_died)
        persons.register(reaching.look_up, reaching.at_number)
        merge_checks.register("family", queries.family_of_both)
        navigation.register(
            navigation.Item(
                label=_("Doubles"), url_name="pairs:queue", icon="users", roles=REVIEWERS, order=60
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Low income"),
                url_name="low_income:home",
                icon="list",
                roles=frozenset({Role.ADMINISTRATOR}),
                kinds=frozenset({Organisation.Kind.AUTHORITY}),
                order=61,
            )
        )
