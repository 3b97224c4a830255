"""Every format is read, as its twin is; `inspect` and `formats` tell what there is."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cptdiff import CodeSet, Release
from cptdiff.codesets import PROFILES, list_formats
from cptdiff.codesets.layout import Continued
from cptdiff.pipeline import load_release as load
from cptdiff.reading import Reading

Run = Callable[..., CompletedProcess[str]]
Member = Callable[[str, str], bytes]
Grid = list[list[str]]

LEGACY, CURRENT = "cpt-2027-legacy.zip", "cpt-2027-current-format.zip"
HCPCS, CM, PCS = "hcpcs-2027-january.zip", "icd10cm-2027.zip", "icd10pcs-2027.zip"
ANWEB, BOOK = "HCPC2027_JAN_ANWEB.txt", "HCPC2027_JAN_ANWEB.xlsx"
SAMPLES = Path(__file__).parents[1] / "sample_releases"
CLINICIAN = "ClinicianDescriptor.txt"
LIST = "ConsolidatedCodeList.txt"

(RECORD,) = (
    form.layout.fixed
    for form in list_formats()
    if form.code_set is CodeSet.HCPCS and isinstance(form.layout, Continued)
)

# Each format: its file and that of its twin (made from a sample's member, or built from it, see
# `built`), and the fields in which they are the same; none: all.
TWINS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "cpt-consolidated": (f"{CURRENT}/{LIST}", "Consolidated_Code_List.txt", ()),
    "cpt-consolidated-csv": ("ConsolidatedCodeList.csv", f"{CURRENT}/{LIST}", ()),
    "cpt-consolidated-xlsx": ("ConsolidatedCodeList.xlsx", f"{CURRENT}/{LIST}", ()),
    "cpt-modifiers": (f"{CURRENT}/Modifiers.txt", f"{LEGACY}/MODUL.txt", ("short", "long")),
    "cpt-longult": (f"{LEGACY}/LONGULT.txt", f"{LEGACY}/LONGULF.txt", ()),
    "cpt-longulf": (f"{LEGACY}/LONGULF.txt", f"{CURRENT}/{LIST}", ("long",)),
    "cpt-longut": (f"{LEGACY}/LONGUT.txt", f"{LEGACY}/LONGUF.txt", ()),
    "cpt-longuf": (f"{LEGACY}/LONGUF.txt", "upper/LONGULT.txt", ()),
    "cpt-medu": (f"{LEGACY}/MEDU.txt", f"{CURRENT}/{LIST}", ("medium",)),
    "cpt-shortu": (f"{LEGACY}/SHORTU.txt", f"{CURRENT}/{LIST}", ("short",)),
    "cpt-modul": (f"{LEGACY}/MODUL.txt", f"{CURRENT}/Modifiers.txt", ("short", "long")),
    "cpt-pla": (f"{LEGACY}/CPTPLA", f"{LEGACY}/CPTPLATab.txt", ()),
    "cpt-pla-tab": (f"{LEGACY}/CPTPLATab.txt", f"{CURRENT}/{LIST}", ("long", "medium", "short")),
    "cpt-consumer": (f"{LEGACY}/ConsumerDescriptor.txt", f"{CURRENT}/{LIST}", ("consumer",)),
    "cpt-clinician": (f"{LEGACY}/{CLINICIAN}", f"{CURRENT}/{CLINICIAN}", ("clinician",)),
    "hcpcs-anweb": (f"{HCPCS}/{ANWEB}", BOOK, ()),
    "hcpcs-anweb-xlsx": (f"continued/{BOOK}", BOOK, ()),
    "icd10cm-order": (f"{CM}/icd10cm-order-2027.txt", f"{CM}/icd10cm-codes-2027.txt", ("long",)),
    "icd10cm-codes": (f"{CM}/icd10cm-codes-2027.txt", f"{CM}/icd10cm-order-2027.txt", ("long",)),
    "icd10pcs-order": (f"{PCS}/icd10pcs_order_2027.txt", "icd10pcs_codes_2027.txt", ("long",)),
    "icd10pcs-codes": ("icd10pcs_codes_2027.txt", f"{PCS}/icd10pcs_order_2027.txt", ("long",)),
    "table-text": ("table.tsv", "table.csv", ()),
    "table-xlsx": ("table.xlsx", "table.csv", ()),
    "table-parquet": ("table.parquet", "table.csv", ()),
}  # fmt: skip


def text_of(data: bytes) -> list[str]:
    return data.decode("utf-8-sig").removesuffix("\r\n").split("\r\n")


def anweb_rows(data: bytes, *, whole: bool) -> Grid:
    """Give the records as rows under the workbook's header, continued ones joined if `whole`."""
    head = [column.name.upper().replace("_", " ") for column in RECORD.columns]
    head[:5] = ["HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION"]
    head[-4:] = ["ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD"]
    rows: Grid = []
    for line in re.findall(RECORD.row + r".*", data.decode("cp1252"), re.MULTILINE):
        cells = [line[c.start - 1 :][: c.width].strip() for c in RECORD.columns]
        if whole and cells[2] in {"4", "8"}:
            rows[-1][3] += f" {cells[3]}"
        else:
            rows.append(cells)
    return [head, *rows] if whole else [["Made-up disclaimer."], [], ["No fees."], head, *rows]


def pcs_codes(data: bytes) -> bytes:
    lines = [line[6:14] + line[77:] for line in text_of(data) if line[14] == "1"]
    return "".join(f"{line}\r\n" for line in lines).encode()


@pytest.fixture
def built(member: Member, as_file: Callable[[str, Grid], bytes]) -> Callable[[str], bytes]:
    """Build a file that no sample has, from one that it has."""

    def build(name: str) -> bytes:
        if name.endswith(BOOK):
            return as_file(name, anweb_rows(member(HCPCS, ANWEB), whole=name == BOOK))
        if name.startswith("table"):
            data = (SAMPLES / "table-2027.csv").read_bytes()
            rows = list(csv.reader(io.StringIO(data.decode())))
            return data if name == "table.csv" else as_file(name, rows)
        if name.startswith("Consolidated_"):
            return member(CURRENT, LIST)
        if name.startswith("Consolidated"):
            return as_file(name, [line.split("\t") for line in text_of(member(CURRENT, LIST))])
        if name.startswith("upper"):
            text = member(LEGACY, "LONGULT.txt").decode()
            return text.upper().replace("\u039c", "\xb5").encode()  # as AMA does
        return pcs_codes(member(PCS, "icd10pcs_order_2027.txt"))

    return build


@pytest.fixture
def loaded(
    member: Member, built: Callable[[str], bytes], make: Callable[..., Path], tmp_path: Path
) -> Callable[[str], Release]:
    """Read a file of `TWINS`."""

    def read(name: str) -> Release:
        sample, _, base = name.rpartition("/")
        data = member(sample, base) if sample.endswith(".zip") else built(name)
        code_set = CodeSet.TABLE if base.startswith("table") else None
        return load(make(tmp_path / name, data), Reading(code_set))

    return read


@pytest.mark.parametrize("name", [form.name for form in list_formats()])
def test_a_format_gives_the_entries_of_its_twin(
    loaded: Callable[[str], Release], name: str
) -> None:
    own, other, fields = TWINS[name]
    release, twin = loaded(own), loaded(other)
    assert release.rows.read == release.rows.kept > 0
    assert twin.rows.read == twin.rows.kept
    assert [source.format for source in release.sources] == [name]
    if not fields:
        assert release.carries == twin.carries
        assert_same(release.ended, twin.ended)
        assert_same(release.entries, twin.entries)
        return
    shared = pl.col("part").is_in(list({*release.carries} & {*twin.carries}))
    told = pl.any_horizontal(pl.col(fields) != "")
    cut = [one.entries.filter(shared, told).select("code", *fields) for one in (release, twin)]
    assert cut[0].height > 15
    assert_same(*cut)


def assert_same(left: pl.DataFrame, right: pl.DataFrame) -> None:
    assert_frame_equal(left, right, check_row_order=False, check_column_order=False)


BOTH = "LONGULT MEDU SHORTU MODUL CPTPLA ConsumerDescriptor ClinicianDescriptor"
ANSI = "Windows-1252"
PRIMARY = "ConsolidatedCodeList Modifiers ClinicianDescriptor"
# By sample: release, its date, what is read, the first file's encoding.
INSPECTED = {
    "cpt-2026-legacy.zip": ("CPT 2026", "2026-01-01", BOTH, ANSI),
    LEGACY: ("CPT 2027", "2027-01-01", BOTH, "UTF-8 with BOM"),
    CURRENT: ("CPT 2027", "2027-01-01", PRIMARY, "UTF-8 with BOM"),
    "hcpcs-2026-january.zip": ("HCPCS 2026 January", "2026-01-01", "HCPC2026_JAN_ANWEB", ANSI),
    HCPCS: ("HCPCS 2027 January", "2027-01-01", "HCPC2027_JAN_ANWEB", ANSI),
    "icd10cm-2026.zip": ("ICD-10-CM FY2026", "2025-10-01", "icd10cm_order_2026", "ASCII"),
    CM: ("ICD-10-CM FY2027", "2026-10-01", "icd10cm-order-2027", "ASCII"),
    "icd10pcs-2026.zip": ("ICD-10-PCS FY2026", "2025-10-01", "icd10pcs_order_2026", "ASCII"),
    PCS: ("ICD-10-PCS FY2027", "2026-10-01", "icd10pcs_order_2027", "ASCII"),
}


@pytest.mark.parametrize("form", ["zip", "folder"])
@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.zip")))
def test_inspect_tells_what_a_sample_is_and_what_is_read(
    cptdiff: Run, unzipped: Callable[[str], Path], sample: str, form: str
) -> None:
    release, date, used, encoding = INSPECTED[sample]
    done = cptdiff("inspect", SAMPLES / sample if form == "zip" else unzipped(sample))
    assert (done.returncode, done.stderr) == (0, "")
    head, _, rest = done.stdout.partition("\nread\n")
    title = next(one.label for name, one in PROFILES.items() if sample.startswith(name))
    for label, value in (("code set", title), ("release", release), ("effective date", date)):
        assert f"{label:<16}{value}\n" in head
    lines = [line for line in rest.splitlines(keepends=True) if not line.startswith("- ")]
    read, _, passed = "".join(lines).partition("passed over\n")
    assert f", {encoding}, " in read.splitlines()[1]
    with zipfile.ZipFile(SAMPLES / sample) as archive:
        members = set(archive.namelist())
    chosen = {name for name in members if Path(name).stem.lower() in used.lower().split()}
    assert {line.strip() for line in read.splitlines()[::2]} == chosen
    assert {line.strip().partition(": ")[0] for line in passed.splitlines()} == members - chosen


def test_formats_lists_every_format_with_file_columns_and_source(cptdiff: Run) -> None:
    told = re.split(r"\n(?:  (?=\w)|\n)", cptdiff("formats").stdout)
    for form in list_formats():
        (block,) = [one for one in told if one.startswith(f"{form.name} ")]
        said = " ".join(block.split())
        assert said.startswith(f"{form.name} {form.example} ")
        assert said.endswith(f"({form.source})")
        carried = {name for fields in form.carries.values() for name in fields} - {"hospital"}
        assert carried <= set(re.split(r"[ ,]+", said)), form.name
