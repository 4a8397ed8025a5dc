"""The door for WSGI servers."""

import atexit
import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klyngeforum.settings")
application = get_wsgi_application()

# The code of every room, read before the first reader asks, stays for good: the collector need not walk through it again,
# which stopped a page in the making for 0.1-0.2 s now and then.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
atexit.register(gc.unfreeze)  # so that everything is taken down in order
