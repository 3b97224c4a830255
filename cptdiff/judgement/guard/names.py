"""The guards by name, with their limits. The command line offers them before polars is there."""

from types import MappingProxyType
from typing import Final

# In percent; None: there is nothing to move (rulings.md, "Guards").
LIMITS: Final = MappingProxyType(
    {
        "deleted-share": 10.0,
        "revised-share": 30.0,
        "missing-kind": None,
        "case": None,
        "descriptor-length": None,
        "swapped": None,
        "code-set": 50.0,
        "empty": None,
        "not-whole": None,
    }
)
