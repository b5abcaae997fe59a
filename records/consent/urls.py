"""Addresses of people."""

from django.urls import path

from records.consent.views import people as views

app_name = "patients"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.register, name="register"),
    path("<uuid:patient_id>/identify/", views.identify, name="identify"),
]
