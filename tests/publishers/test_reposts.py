"""Real releases against themselves under another name, as publishers post them twice."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from publisher_pairs import CM_2019, CM_2025, HCPCS_2019, PCS_2019, Bundle

RELEASES = [CM_2019, CM_2025, PCS_2019, HCPCS_2019]


def zipped(bundle: Bundle, folder: Path) -> Path:
    return Path(shutil.copy(bundle.path(), folder / "posted-again.zip"))


def unzipped(bundle: Bundle, folder: Path) -> Path:
    with zipfile.ZipFile(bundle.path()) as archive:
        archive.extractall(folder / "posted-again")
    return folder / "posted-again"


@pytest.mark.parametrize("again", [zipped, unzipped])
@pytest.mark.parametrize("bundle", RELEASES, ids=lambda one: one.name)
def test_lists_of_the_year_before_make_no_disagreement_with_an_equal_repost(
    cptdiff: Callable[..., CompletedProcess[str]],
    tmp_path: Path,
    bundle: Bundle,
    again: Callable[[Bundle, Path], Path],
) -> None:
    done = cptdiff("diff", bundle.path(), again(bundle, tmp_path), "--fail-on", "unexplained")
    assert (done.returncode, done.stderr) == (0, "")
    assert "No changes" in done.stdout
    assert "publisher's own list" not in done.stdout
