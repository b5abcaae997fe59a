"""Addresses of sign-up with a family doctor."""

app_name = "contracts"
urlpatterns: list = []
