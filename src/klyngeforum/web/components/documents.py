"""A file that evidence rests on, handed out under a name that every system takes."""

from __future__ import annotations

from django.http import HttpResponse

from klyngeforum.quality.assessments.queries import Document, Evidence


def _plain(text: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in text)[:80]


def document_response(found: Evidence, file: Document) -> HttpResponse:
    ending = file.name.rsplit(".", 1)[-1] if "." in file.name else "bin"
    name = f"{_plain(found.title)}-{found.dated}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(file.content), content_type=file.kind, headers=headers)
