"""Addresses of the official's figures and of the trace."""

from django.urls import path

from telemed.oversight import views

app_name = "oversight"
urlpatterns = [
    path("", views.home, name="home"),
    path("trace/", views.trace, name="trace"),
    path("figures.csv", views.figures_csv, name="csv"),
]
