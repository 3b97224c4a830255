"""A real code in a sample has its real wording, so that nobody learns nonsense from it."""

from pathlib import Path

import pytest
from publisher_pairs import RELEASES

from cptdiff.pipeline import load_release as load

SAMPLES = Path(__file__).parents[2] / "sample_releases"
# The sample, the release that knows the real codes, and the codes whose wording the sample changes.
TITLES = {
    "icd10cm-2027.zip": (
        "icd10cm/2025-code-descriptions-tabular-order.zip", {"B20", "G435", "H405"},
    ),
    "icd10pcs-2027.zip": ("icd10pcs/2019-icd-10-pcs-order-file.zip", {"F07", "X2R"}),
    "hcpcs-2027-january.zip": ("hcpcs/2019-Alpha-Numeric-HCPCS-File.zip", {"GA", "JW"}),
}  # fmt: skip


@pytest.mark.parametrize("sample", TITLES)
def test_a_real_code_of_a_sample_has_its_real_wording(sample: str) -> None:
    path, changed = TITLES[sample]
    real = dict(load(RELEASES / path).entries.select("code", "long").iter_rows())
    found = dict(load(SAMPLES / sample).entries.select("code", "long").iter_rows())
    known = found.keys() & real.keys()
    assert len(known) > 10
    assert {code for code in known if found[code] != real[code]} == changed
