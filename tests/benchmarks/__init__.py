"""Ratios, measured by commands of their own; importing the application sets Django up for them."""

from telemed.asgi import application

__all__ = ["application"]
