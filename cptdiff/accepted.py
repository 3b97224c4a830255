"""Excluded rows of a comparison that somebody has accepted, and what became of acceptances."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from cptdiff.lists import Acceptance, fingerprint_row
from cptdiff.model import Release

ACCEPTED: Final = pl.Schema(
    {
        name: pl.String()
        for name in ("side", "member", "line", "fault", "status", "date", "who", "why")
    }
)
FATES: Final = ("accepted", "void", "elsewhere")
_FEW: Final = 3


@dataclass(frozen=True, eq=False, repr=False)
class Accepted:
    """What became of acceptances (`ACCEPTED`), and how many rows are `excluded` all the same."""

    rows: pl.DataFrame
    excluded: int

    @property
    def doubts(self) -> tuple[str, ...]:
        """The sentences on what is accepted, and on what does not hold any more."""
        counts = self.summarize()
        number = counts["accepted"]
        rows = "1 excluded row is" if number == 1 else f"{number:,} excluded rows are"
        told = (f"{rows} accepted.",) if number else ()
        void = self.rows.filter(pl.col("status") == "void")
        if not void.height:
            return told
        places = [f"{member} line {line}" for member, line in void.select("member", "line").rows()]
        more = f" and {len(places) - _FEW:,} more" if len(places) > _FEW else ""
        many = "1 acceptance is" if void.height == 1 else f"{void.height:,} acceptances are"
        where = f"{', '.join(places[:_FEW])}{more}"
        return (*told, f"{many} void, because the row is not the same any more ({where}).")

    def summarize(self) -> dict[str, int]:
        """Return how many have each status."""
        return {fate: int((self.rows["status"] == fate).sum()) for fate in FATES}


def settle_acceptances(releases: Mapping[str, Release], given: Sequence[Acceptance]) -> Accepted:
    """Return what became of each acceptance, sorted by its place; `releases` are by side.

    One that fits accepts all excluded rows with its fault and text, of either release. Where the
    row at its place is another one now, it is void; where none is excluded there, it is elsewhere.
    Of several for a row the last one counts.
    """
    excluded = [
        (side, row["member"], str(row["line"] or ""), row["fault"],
         fingerprint_row(row["fault"], row["raw"]))
        for side, release in releases.items()
        for row in release.set_aside.iter_rows(named=True)
    ]  # fmt: skip
    latest = {one.fingerprint: one for one in sorted(given, key=lambda one: one.date)}
    found: list[dict[str, Any]] = []
    open_places: dict[tuple[str, str], str] = {}
    for side, member, line, fault, fingerprint in excluded:
        if one := latest.get(fingerprint):
            place = {"side": side, "member": member, "line": line, "fault": fault}
            found.append({**one._asdict(), **place, "status": "accepted"})
        else:
            open_places[member, line] = side
    used = {fingerprint for *_, fingerprint in excluded}
    for one in latest.values():
        if one.fingerprint not in used:
            side = open_places.get((one.member, one.line), "")
            status = "void" if side else "elsewhere"
            found.append({**one._asdict(), "side": side, "status": status})
    rows = pl.DataFrame([{name: row[name] for name in ACCEPTED} for row in found], ACCEPTED)
    return Accepted(
        rows.sort(pl.all()), len(excluded) - sum(r["status"] == "accepted" for r in found)
    )
