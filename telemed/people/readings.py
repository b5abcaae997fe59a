"""How a name is read, kept beside it."""

from typing import Any

from django.db import models

from telemed.core.names import read_name


class ReadingField(models.CharField):
    """
    One part of the reading of `name`: `pinyin` or `initials`, as the column is called.

    Written with the row, in bulk too, so that no writer of names has to think of it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"blank": True, "default": "", "db_default": "", "editable": False}
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: Any, add: bool) -> str:
        read = str(getattr(read_name(model_instance.name), self.attname))
        setattr(model_instance, self.attname, read)
        return read

    def deconstruct(self) -> Any:
        """To the database it is text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
