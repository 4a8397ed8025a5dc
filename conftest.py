"""What every test gets: Danish unless it says otherwise, and plain static files."""

from __future__ import annotations

import gc

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck, settings

from klyngeforum.ground.keeping import forget
from klyngeforum.web.resting import things_of
from tests.cast import cast
from tests.told import told
from tests.watching import watched

gc.disable()  # while everything is loaded; see below
pytest_plugins = ["tests.databases", "tests.taking_in"]

# a busy machine is no error: what is slow is measured by the benches, never by a test's own clock
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_collection_finish() -> None:
    """The code of the whole house and of every test stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


def pytest_sessionfinish() -> None:
    gc.unfreeze()  # so that everything is taken down in order


@pytest.fixture(autouse=True)
def _danish():
    with translation.override("da"):
        yield


@pytest.fixture(autouse=True)
def _nothing_kept():
    """Each story has its own database; what was kept of the last one is not of this one."""
    cache.clear()
    forget()


@pytest.fixture(autouse=True)
def _counted_at_once(settings):
    """A busy machine makes nothing a heavy count: the tests of these say what is one."""
    settings.COUNTED_LATER = float("inf")


@pytest.fixture(autouse=True)
def _all_is_told(request):
    """Whatever an action changes it tells the trail of, as a thing that pages showing it wait for."""
    if "/src/klyngeforum/" not in request.path.as_posix():
        yield
        return
    with watched() as watch:
        yield
    assert watch.silent(lambda table: things_of(table) or frozenset()) == {}


@pytest.fixture(autouse=True)
def _plain_static(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def stage(db):
    """The small cast, on stage."""
    return told(cast)
