"""A filter over rows that are already in memory, with the same face as a queryset's filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.forms import Form


class RowFilter:
    """A form's values narrow the rows, one test a field; a value that is no choice of the field narrows nothing."""

    def __init__(self, form: Form, rows: Sequence[Any], tests: Mapping[str, Callable[[Any, Any], bool]]) -> None:
        self.form = form
        form.is_valid()
        wanted = {name: value for name, value in form.cleaned_data.items() if value not in ("", None)}
        self.qs = [row for row in rows if all(tests[name](row, value) for name, value in wanted.items())]

    @property
    def narrowed(self) -> bool:
        return any(value not in ("", None) for value in self.form.cleaned_data.values())
