"""Addresses of cases."""

from django.urls import path

from consult.requests.views import asking, cases, lists

app_name = "requests"
urlpatterns = [
    path("", lists.case_list, name="list"),
    path("new/", asking.begin, name="new"),
    path("emergency/", asking.emergency, name="emergency"),
    path("<uuid:case_id>/", cases.case, name="case"),
    path("<uuid:case_id>/edit/", asking.edit, name="edit"),
    path("<uuid:case_id>/save/", asking.save, name="save"),
    path("<uuid:case_id>/consent/", asking.consent, name="consent"),
    path("<uuid:case_id>/send/", asking.send, name="send"),
    path("<uuid:case_id>/cancel/", asking.cancel, name="cancel"),
    path("<uuid:case_id>/accept/", cases.accept, name="accept"),
    path("<uuid:case_id>/decline/", cases.decline, name="decline"),
    path("<uuid:case_id>/assign/", cases.assign, name="assign"),
    path("<uuid:case_id>/receipt/", asking.receipt, name="receipt"),
]
