"""Every door that the URL configuration opens to a browser, by name; and what it lets in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from records.mpi.views import pairs
from scheduling.appointments.views import batches, booking, waiting
from telemed.demo import urls as demo
from telemed.organisations.views import agreements
from telemed.rota.views import mine
from telemed.staff.views import verifying

# Where one address opens several doors, the word in it that says which.
ACTS: dict[str, tuple[str, list[str]]] = {
    "organisations:agreement_act": ("act", [*agreements.ACTS]),
    "organisations:statement_act": ("act", ["review", "confirm", "export"]),
    "organisations:entry_act": ("act", ["dispute", "correct"]),
    "staff:change": ("act", [*verifying.ACTS]),
    "rota:answer": ("answer", [*mine.ANSWERS]),
    "rota:decide": ("act", [*mine.ITEM_ACTS]),
    "pairs:decide": ("act", [*pairs.ACTS]),
    "booking:act": ("act", [*booking.ACTS]),
    "booking:batch_act": ("act", [*batches.ACTS]),
    "booking:answer": ("answer", [*waiting.ANSWERS]),
}
# allauth's own: about the account that is signed in, or about nobody yet. Its tests are its own.
THIRD_PARTY = frozenset(
    [
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_email",
        "account_email_verification_sent",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_confirm_login_code",
        "account_confirm_email",
        "account_verify_phone",
        "account_change_phone",
        "account_reset_password_from_key_done",
        "account_reset_password_from_key",
        "account_reset_password_done",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "usersessions_list",
    ]
)


@dataclass(frozen=True)
class Named:
    """One address of ours, as reverse() knows it."""

    name: str
    view: Any
    arguments: frozenset[str]


def addresses() -> Iterator[Named]:
    """Those of allauth too; a demonstration's own, which the tests do not serve, as well."""
    yield from _walk(get_resolver().url_patterns, "", frozenset())
    yield from _walk(demo.urlpatterns, f"{demo.app_name}:", frozenset())


def _walk(patterns: list[Any], space: str, arguments: frozenset[str]) -> Iterator[Named]:
    for one in patterns:
        taken = arguments | one.pattern.converters.keys() | set(one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, inner, taken)
        elif isinstance(one, URLPattern):
            yield Named(f"{space}{one.name}", one.callback, taken)


def methods(view: Any) -> list[str]:
    """
    Those that the view's decorator names; HEAD goes where GET does. Without one: any.
    """
    inner = view
    while inner is not None:
        names = getattr(getattr(inner, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            allowed = inner.__closure__[names.index("request_method_list")].cell_contents
            return sorted(set(allowed) - {"HEAD"})
        inner = getattr(inner, "__wrapped__", None)
    return ["GET", "POST"]


def doors() -> Iterator[str]:
    """ "POST rota:answer/accept": the method, the name, and the act where there are several."""
    for one in addresses():
        if one.name in THIRD_PARTY:
            continue
        acts = ACTS.get(one.name)
        if acts is None and one.arguments & {"act", "answer"}:
            raise AssertionError(f"{one.name}: say in tests/refusals/doors.py which acts it takes")
        for method in methods(one.view):
            for act in acts[1] if acts else [""]:
                yield f"{method} {one.name}" + (f"/{act}" if act else "")
