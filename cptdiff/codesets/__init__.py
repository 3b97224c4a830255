"""What each publisher ships, as data: `PROFILES` has every code set that can be compared."""

from typing import Final

from cptdiff.codesets import cpt, hcpcs, icd10, table
from cptdiff.codesets.layout import Format
from cptdiff.codesets.profile import Edition, Profile
from cptdiff.codesets.sections import Range

__all__ = ["PROFILES", "Edition", "Profile", "Range", "list_formats", "profile_of"]

# By name. A test registers another one here: nothing but its profile says what it is.
PROFILES: Final[dict[str, Profile]] = {
    str(profile.name): profile
    for profile in (cpt.PROFILE, hcpcs.PROFILE, icd10.CM, icd10.PCS, table.PROFILE)
}


def profile_of(code_set: str) -> Profile:
    """Return the profile of a code set by its name."""
    return PROFILES[code_set]


def list_formats() -> tuple[Format, ...]:
    """Return all formats that can be read, in the order in which they are preferred."""
    return tuple(form for profile in PROFILES.values() for form in profile.formats)
