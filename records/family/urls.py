"""Addresses of the family, the household and the cards of one person."""

from django.urls import path

from records.family import views

app_name = "family"
urlpatterns = [
    path("<uuid:patient_id>/family/add/", views.add, name="add"),
    path("<uuid:patient_id>/family/<uuid:relation_id>/end/", views.end, name="end"),
    path("<uuid:patient_id>/household/", views.household, name="household"),
    path("<uuid:patient_id>/household/<uuid:member_id>/leave/", views.leave, name="leave"),
    path("<uuid:patient_id>/newborn/", views.newborn, name="newborn"),
    path("<uuid:patient_id>/death/", views.death, name="death"),
    path("<uuid:patient_id>/death/undo/", views.undo_death, name="undo_death"),
    path("<uuid:patient_id>/health-card/", views.health_card, name="health_card"),
]
