"""`python -m klyngeanalyse`: the same as the console script."""

import sys

from klyngeanalyse.cli import main

if __name__ == "__main__":
    sys.exit(main())
