"""Uploads go straight into the file store's waiting room: written once, hashed on the way."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from records.imaging.files import Arrived, Arriving


class ArrivedUpload(UploadedFile):
    """A file of the form that lies in the waiting room, complete."""

    def __init__(self, arrived: Arrived, name: str) -> None:
        super().__init__(file=None, name=name, size=arrived.size)
        self.arrived = arrived


class ArrivingUpload(FileUploadHandler):
    """Writes each file of the form into `folder`; stops a request that brings more than `limit`."""

    def __init__(self, request: Any, *, folder: Path, limit: int) -> None:
        super().__init__(request)
        self.folder, self.limit, self.count = folder, limit, 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.count += 1
        self.arriving = Arriving(self.folder / str(self.count))
        self.file = self.arriving.file  # so that Django closes it when the upload breaks off

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start + len(raw_data) > self.limit:
            raise StopUpload(connection_reset=False)
        self.arriving.add(raw_data)

    def file_complete(self, file_size: int) -> ArrivedUpload:
        return ArrivedUpload(self.arriving.complete(), self.file_name or "")
