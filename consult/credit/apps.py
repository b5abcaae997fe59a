"""Registration."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "consult.credit"

    def ready(self) -> None:
        from django.utils.translation import pgettext_lazy

        from consult.credit.permissions import READERS
        from telemed.organisations.models import Organisation
        from telemed.people.models import Role
        from telemed.web import navigation

        for roles, kinds in (
            (frozenset({Role.SPECIALIST}), frozenset()),
            (READERS, frozenset({Organisation.Kind.HOSPITAL})),
        ):
            navigation.register(
                navigation.Item(
                    label=pgettext_lazy("navigation", "Credit"),
                    url_name="credit:home",
                    icon="chart",
                    roles=roles,
                    kinds=kinds,
                    order=66,
                )
            )
