"""Addresses of figures, silent clinics, risk signals and the trace."""

from django.urls import path

from telemed.oversight.views import comparing, figures, signals, silence, trace

app_name = "oversight"
urlpatterns = [
    path("trace/", trace.trace, name="trace"),
    path("trace/export/", trace.trace_export, name="trace_export"),
    path("", figures.home, name="home"),
    path("figures.csv", figures.figures_csv, name="csv"),
    path("compare/", comparing.compare, name="compare"),
    path("silent/", silence.silent_list, name="silent"),
    path("silent/<uuid:silence_id>/", silence.silent_detail, name="silence"),
    path("silent/<uuid:silence_id>/reason/", silence.give_reason, name="reason"),
    path("silent/<uuid:silence_id>/tell/", silence.tell_county, name="tell"),
    path("signals/", signals.signal_list, name="signals"),
    path("signals/<uuid:signal_id>/ask/", signals.ask, name="signal_ask"),
    path("signals/<uuid:signal_id>/explain/", signals.explain, name="signal_explain"),
    path("signals/<uuid:signal_id>/take-back/", signals.take_back, name="signal_take_back"),
    path("signals/<uuid:signal_id>/decide/", signals.decide, name="signal_decide"),
    path("signals/<uuid:signal_id>/close/", signals.close, name="signal_close"),
]
