"""The life of each code over many releases: when it was valid, and how that is known."""

from cptdiff.history.editions import Edition, Editions, read_editions, read_histories
from cptdiff.history.forms import list_valid_codes, render, widen, write_covered
from cptdiff.history.life import Life, find_life
from cptdiff.history.lines import describe_life, describe_timeline
from cptdiff.history.stored import read_valid_codes
from cptdiff.history.timeline import SPELLS, find_valid, make_timeline

__all__ = [
    "SPELLS",
    "Edition",
    "Editions",
    "Life",
    "describe_life",
    "describe_timeline",
    "find_life",
    "find_valid",
    "list_valid_codes",
    "make_timeline",
    "read_editions",
    "read_histories",
    "read_valid_codes",
    "render",
    "widen",
    "write_covered",
]
