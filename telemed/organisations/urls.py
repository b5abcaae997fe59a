"""Addresses of institutions, of their rules and of what they agree on and settle."""

from django.urls import path

from telemed.organisations.views import agreements, places, policies, settlement

app_name = "organisations"
urlpatterns = [
    path("", places.overview, name="overview"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<str:name>/", policies.policy_edit, name="policy"),
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<uuid:agreement_id>/", agreements.agreement_detail, name="agreement"),
    path("agreements/<uuid:agreement_id>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("agreements/<uuid:agreement_id>/sign/", agreements.agreement_sign, name="agreement_sign"),
    path(
        "agreements/<uuid:agreement_id>/<slug:act>/",
        agreements.agreement_act,
        name="agreement_act",
    ),
    path("settlement/", settlement.statement_list, name="statements"),
    path("settlement/<uuid:statement_id>/", settlement.statement_detail, name="statement"),
    path(
        "settlement/<uuid:statement_id>/print/", settlement.statement_print, name="statement_print"
    ),
    path(
        "settlement/<uuid:statement_id>/file.csv", settlement.statement_file, name="statement_file"
    ),
    path(
        "settlement/<uuid:statement_id>/<slug:act>/", settlement.statement_act, name="statement_act"
    ),
    path("settlement/lines/<uuid:entry_id>/<slug:act>/", settlement.entry_act, name="entry_act"),
]
