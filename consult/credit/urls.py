"""Addresses of credit."""

from django.urls import path

from consult.credit import views

app_name = "credit"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:user_id>/", views.person, name="person"),
    path("<uuid:user_id>/csv/", views.person_csv, name="csv"),
]
