"""Addresses of institutions, of their rules and of what they agree on."""

from django.urls import path

from telemed.organisations.views import places, policies

app_name = "organisations"
urlpatterns = [
    path("", places.overview, name="overview"),
    path("policies/", policies.policy_list, name="policies"),
    path("policies/<str:name>/", policies.policy_edit, name="policy"),
]
