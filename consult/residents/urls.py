"""Addresses of a resident's own pages."""

from django.urls import path

from consult.residents import views

app_name = "residents"
urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("who-looked/", views.who_looked, name="who_looked"),
]
