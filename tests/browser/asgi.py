"""The application with its static files read from the source tree."""

from channels.routing import ProtocolTypeRouter
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler

from telemed.asgi import application as product

application = ProtocolTypeRouter(
    {
        **product.application_mapping,
        "http": ASGIStaticFilesHandler(product.application_mapping["http"]),
    }
)
