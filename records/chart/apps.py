"""Registration."""

from django.apps import AppConfig


class ChartConfig(AppConfig):
    name = "records.chart"
