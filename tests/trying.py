"""How many examples a property is tried with: a few each time, many where there is time (THOROUGH=yes, as make test-slow sets it)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import settings

Test = TypeVar("Test", bound=Callable[..., Any])
THOROUGH = bool(os.environ.get("THOROUGH"))


def tries(many: int, few: int, **more: Any) -> Callable[[Test], Test]:
    def told(test: Test) -> Test:
        return pytest.mark.thorough(settings(max_examples=many if THOROUGH else few, deadline=None, **more)(test))

    return told
