"""A register on its way in: written piece by piece to the disk of the extracts, never whole in memory, and gone with the request."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils import timezone

from klyngeforum.ground.access.queries import may
from klyngeforum.ground.words import Term, mark
from klyngeforum.results.effects.arriving import arrival, full
from klyngeforum.results.effects.unpacking import FULL
from klyngeforum.web.serving import me

MOST_BYTES = 2 * 1024**3
_WHERE, _FIELD, _CHUNK = "extracts", "file", 1 << 20


class Stopped(Term):
    """Why a file that was sent is not here."""

    LARGE = "large", mark("The file is larger than 2 GB. Pack it (.gz), ask for Parquet or for fewer columns, or let the operator take it in at the machine: klyngeforum study extract …")  # fmt: skip
    FULL = "full", FULL


class Arrived(UploadedFile):  # type: ignore[type-arg]
    """A file in a folder of its own; closing it, as every request does at its end, takes both away."""

    def __init__(self, folder: TemporaryDirectory[str], file: BinaryIO, name: str) -> None:
        super().__init__(file=file, name=name)
        self.folder, self.path = folder, Path(folder.name) / "sent"

    def close(self) -> None:
        with suppress(OSError):  # a full disk takes what was still to be written no better now
            super().close()
        self.folder.cleanup()


class ExtractHandler(FileUploadHandler):
    """Takes the file at the page of the extracts, of whom it is open to; lets every other pass."""

    chunk_size = _CHUNK

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.arrived: Arrived | None = None
        self.size = 0

    def _here(self) -> bool:
        if self.request is None:
            return False
        try:
            return resolve(self.request.path_info).url_name == _WHERE
        except Resolver404:
            return False

    def new_file(self, field_name: str, *args: Any, **options: Any) -> None:
        super().new_file(field_name, *args, **options)
        if not self._here():
            return
        request = self.request
        assert request is not None  # noqa: S101 - said to the type checker; _here() asked
        if field_name != _FIELD or self.arrived or not may(me(request), "effects.write", on=timezone.localdate()):
            raise SkipFile
        try:
            folder = arrival()
            file = (Path(folder.name) / "sent").open("w+b")
        except OSError as error:
            raise self._stopped(error) from error
        self.arrived, self.size = Arrived(folder, file, self.file_name or "sent"), 0
        self.file = self.arrived  # what the parser closes where the handler stops
        request.close = self._closing(request.close)  # type: ignore[method-assign]
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.arrived is None:
            return raw_data
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            raise self._stopped(Stopped.LARGE)
        try:
            self.arrived.write(raw_data)
        except OSError as error:
            raise self._stopped(error) from error
        return None

    def file_complete(self, file_size: int) -> Arrived | None:
        if self.arrived is None or self.request is None or stopped(self.request):
            return None
        try:
            self.arrived.flush()
        except OSError as error:
            self._stopped(error)
            return None
        self.arrived.size = file_size
        return self.arrived

    def upload_interrupted(self) -> None:
        if self.arrived is not None:
            self.arrived.close()

    def _closing(self, close: Callable[[], None]) -> Callable[[], None]:
        """The end of the request takes the file away also where its sender went away in the middle: the parser forgets such a one."""

        def both() -> None:
            if self.arrived is not None:
                self.arrived.close()
            close()

        return both

    def _stopped(self, why: Stopped | OSError) -> SkipFile:
        """The rest of the file is read and let go, so that the page can say why."""
        if isinstance(why, OSError):
            if not full(why):
                raise why
            why = Stopped.FULL
        if self.arrived is not None:
            self.arrived.close()
        if self.request is not None:
            self.request.extract_stopped = why  # type: ignore[attr-defined]
        return SkipFile()


def stopped(request: HttpRequest) -> Stopped | None:
    found: Stopped | None = getattr(request, "extract_stopped", None)
    return found
