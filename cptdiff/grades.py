"""The words by which changes are sorted, for the command line and the outputs (contract.md)."""

from typing import Final

KINDS: Final = ("code", "header", "modifier")
CHANGES: Final = ("added", "deleted", "revised", "transient")
# From the mildest to the gravest (severity.md).
SEVERITIES: Final = ("info", "low", "medium", "high", "critical")
