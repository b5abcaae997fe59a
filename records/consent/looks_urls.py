"""Addresses of the auditor's search."""

from django.urls import path

from records.consent.views import looks

app_name = "looks"
urlpatterns = [
    path("", looks.search, name="search"),
    path("table.csv", looks.csv, name="csv"),
]
