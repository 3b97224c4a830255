"""What commands say on stderr."""

import re

# A run that wrote files and has nothing else to tell ends with one line.
_WROTE = re.compile(r"^cptdiff: [^\n]+ to [^\n]+: [^\n]+; wrote [^\n]+\n\Z", re.MULTILINE)


def list_warnings(stderr: str) -> str:
    """Give what stands on stderr beside the line that says what was written."""
    return _WROTE.sub("", stderr, count=1)
