"""Addresses of the official's pages."""

from django.urls import path

from telemed.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.home, name="home"),
    path("figures.csv", views.figures_csv, name="csv"),
]
