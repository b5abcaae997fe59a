"""Registration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "telemed.web"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from telemed.notifications.permissions import CALLERS
        from telemed.organisations.models import Organisation
        from telemed.organisations.permissions import AGREEMENT_READERS, LEDGER_READERS
        from telemed.people.models import Role
        from telemed.web import administering, homes, navigation, needs, views

        everybody = frozenset(Role.values)
        homes.register(Role.ADMINISTRATOR, views.administrator)
        homes.register(Role.HEAD, views.head)
        needs.register(Role.HEAD, administering.agreements_waiting)
        for find in (
            administering.agreements_waiting,
            administering.licences_ending,
            administering.doctors_without_licence,
            administering.statements_to_export,
        ):
            needs.register(Role.ADMINISTRATOR, find)
        navigation.register(
            navigation.Item(
                label=_("Phone list"),
                url_name="notifications:phone",
                icon="phone",
                roles=CALLERS,
                order=60,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Network"),
                url_name="organisations:overview",
                icon="building",
                roles=frozenset({Role.OFFICIAL}),
                order=40,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Network"),
                url_name="organisations:overview",
                icon="building",
                roles=frozenset({Role.ADMINISTRATOR}),
                kinds=frozenset(set(Organisation.Kind.values) - {Organisation.Kind.AUTHORITY}),
                order=90,
            )
        )
        navigation.register(
            navigation.Item(
                label=pgettext_lazy("navigation", "Agree"),
                url_name="organisations:agreements",
                icon="file",
                roles=frozenset(AGREEMENT_READERS - {Role.TOWNSHIP_DOCTOR}),
                order=50,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Duty"),
                url_name="rota:home",
                icon="cal",
                roles=frozenset({Role.COORDINATOR, Role.DIRECTOR, Role.SPECIALIST}),
                order=45,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Settle"),
                url_name="organisations:statements",
                icon="list",
                roles=frozenset(LEDGER_READERS),
                order=60,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Staff"),
                url_name="staff:list",
                icon="users",
                roles=frozenset({Role.ADMINISTRATOR, Role.MEDICAL_OFFICE}),
                order=30,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Rules"),
                url_name="organisations:policies",
                icon="settings",
                roles=frozenset({Role.ADMINISTRATOR, Role.OFFICIAL}),
                order=80,
            )
        )
        navigation.register(
            navigation.Item(
                label=_("Today"), url_name="web:home", icon="home", roles=everybody, order=0
            )
        )
