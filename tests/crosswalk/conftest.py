"""What the tests of replacements share."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # the test modules here share a module
