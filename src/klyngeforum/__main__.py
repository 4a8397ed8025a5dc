"""``python -m klyngeforum``: the same as the console script."""

import sys

from klyngeforum.cli import main

sys.exit(main())
