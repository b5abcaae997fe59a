"""Registration."""

from django.apps import AppConfig


class KeyImagesConfig(AppConfig):
    name = "consult.keyimages"

    def ready(self) -> None:
        from consult.keyimages import panels
        from consult.requests.panels import register

        register(panels.KEY_IMAGES)
