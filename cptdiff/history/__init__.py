"""The life of each code over many releases: when it was valid, and how that is known."""

from cptdiff.history.editions import (
    Edition,
    Editions,
    choose_holder,
    find_day,
    list_paths,
    narrow,
    read_histories,
    require_one,
)
from cptdiff.history.forms import About, describe, find_gap, list_valid_codes, render, widen
from cptdiff.history.kept import Kept
from cptdiff.history.library import (
    Added,
    add_release,
    find_original,
    find_reference,
    list_releases,
    read_releases,
    remove_release,
)
from cptdiff.history.life import Life, find_life
from cptdiff.history.lines import describe_life, describe_timeline
from cptdiff.history.stored import read_valid_codes
from cptdiff.history.timeline import SPELLS, find_valid, make_timeline

__all__ = [
    "SPELLS",
    "About",
    "Added",
    "Edition",
    "Editions",
    "Kept",
    "Life",
    "add_release",
    "choose_holder",
    "describe",
    "describe_life",
    "describe_timeline",
    "find_day",
    "find_gap",
    "find_life",
    "find_original",
    "find_reference",
    "find_valid",
    "list_paths",
    "list_releases",
    "list_valid_codes",
    "make_timeline",
    "narrow",
    "read_histories",
    "read_releases",
    "read_valid_codes",
    "remove_release",
    "render",
    "require_one",
    "widen",
]
