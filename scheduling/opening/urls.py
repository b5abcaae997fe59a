"""Where somebody who is signed in gets the pass for the waiting page, which knows no database."""

from django.urls import path

from scheduling.opening import views

app_name = "opening"
urlpatterns = [path("<int:number>/", views.enter, name="enter")]
