"""Makes docs/messages.md from `cptdiff.errors.SLUGS`: `make docs`."""

from pathlib import Path
from typing import Final

from cptdiff.errors import SLUGS

PAGE: Final = Path(__file__).parents[1] / "docs" / "messages.md"
_HEAD: Final = """\
# Messages

An error is one line on standard error:

```text
cptdiff: error[SLUG]: PLACE: what is wrong. Fix: what to do.
```

The slug does not change between versions: search for it, or use it in scripts. It also starts the
`fault` column of `quarantine.csv`, which lists every excluded row. The message on your screen names
the file, the line and the values. This page explains each slug in general; `make docs` writes it
from `cptdiff/errors.py`.

| slug | what is wrong | what to do |
|---|---|---|
"""


def write_page() -> str:
    """Return the text of docs/messages.md."""
    rows = (f"| {name} | {slug.text} | {slug.fix} |\n" for name, slug in SLUGS.items())
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(write_page(), "utf-8")
