"""Addresses of the sessions in use."""

from django.urls import path

from scheduling.utilisation import views

app_name = "utilisation"
urlpatterns = [
    path("", views.home, name="home"),
    path("days.csv", views.csv, name="csv"),
]
