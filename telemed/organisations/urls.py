"""Addresses of institutions."""

from django.urls import path

from telemed.organisations import views

app_name = "organisations"
urlpatterns = [path("", views.overview, name="overview")]
