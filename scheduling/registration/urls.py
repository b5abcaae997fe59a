"""Addresses of sign-up with a family doctor."""

from django.urls import path

from scheduling.registration.views import closings, contracts, signing_up, teams

app_name = "contracts"
ONE = "contracts/<uuid:contract_id>/"
urlpatterns = [
    path("", signing_up.home, name="home"),
    path("teams/<uuid:team_id>/", signing_up.team, name="team"),
    path("teams/<uuid:team_id>/apply/", signing_up.apply, name="apply"),
    path("desk/", teams.desk, name="desk"),
    path("keep/", teams.teams, name="teams"),
    path("keep/<uuid:team_id>/", teams.keep, name="keep"),
    path("keep/<uuid:team_id>/members/", teams.add_member, name="add_member"),
    path("keep/<uuid:team_id>/close/", closings.close, name="close"),
    path("keep/<uuid:team_id>/resume/", closings.resume, name="resume"),
    path("closings/<uuid:closing_id>/", closings.closing, name="closing"),
    path("left/", closings.left, name="left"),
    path("left/<uuid:left_id>/settle/", closings.settle_left, name="settle_left"),
    path("members/<uuid:member_id>/end/", teams.end_member, name="end_member"),
    path("packages/", teams.packages, name="packages"),
    path("packages/<uuid:package_id>/end/", teams.end_package, name="end_package"),
    path(ONE, contracts.contract, name="contract"),
    path(f"{ONE}sign/", contracts.sign, name="sign"),
    path(f"{ONE}own/", contracts.sign_own, name="sign_own"),
    path(f"{ONE}withdraw/", contracts.withdraw, name="withdraw"),
    path(f"{ONE}end/", contracts.end, name="end"),
    path(f"{ONE}renew/", contracts.renew, name="renew"),
    path(f"{ONE}open/", contracts.open_review, name="open"),
    path(f"{ONE}agree/", contracts.agree, name="agree"),
    path(f"{ONE}reopen/", contracts.reopen, name="reopen"),
    path(f"{ONE}reject/", contracts.reject, name="reject"),
    path(f"{ONE}hand-over/", contracts.hand_over, name="hand_over"),
]
