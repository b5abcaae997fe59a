"""Addresses that only a demonstration has."""

from django.urls import path

from telemed.demo import views

app_name = "demo"
urlpatterns = [path("sign-in/", views.sign_in, name="sign_in")]
