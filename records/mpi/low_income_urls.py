"""Addresses of the low-income register."""

from django.urls import path

from records.mpi.views import low_incomes

app_name = "low_income"
urlpatterns = [
    path("", low_incomes.home, name="home"),
    path("template/", low_incomes.template, name="template"),
]
