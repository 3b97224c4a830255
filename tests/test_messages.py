"""Every slug stands in README's one table, is raised by a test, and says what to do (G12)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SLUG = re.compile(r"\b[EW][0-9]{3}\b")


def raised(folder: Path) -> set[str]:
    """The slugs in the strings of a folder's code, docstrings apart."""
    return {
        slug
        for path in sorted(folder.rglob("*.py"))
        if path != Path(__file__)
        for text in strings(ast.parse(path.read_text("utf-8")))
        for slug in SLUG.findall(text)
    }


def strings(tree: ast.Module) -> Iterator[str]:
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def documented(root: Path) -> dict[str, list[str]]:
    """README's rows of slugs: what is wrong, what to do."""
    text = (root / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| ([EW][0-9]{3}) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    assert len(dict.fromkeys(slug for slug, *_ in rows)) == len(rows)
    assert rows == sorted(rows)
    return {slug: rest for slug, *rest in rows}


def test_every_slug_is_documented_and_no_other(root: Path) -> None:
    assert raised(root / "cptdiff") == set(documented(root))


def test_every_slug_says_what_is_wrong_and_what_to_do(root: Path) -> None:
    assert all(len(wrong) > 5 and len(fix) > 5 for wrong, fix in documented(root).values())


def test_every_slug_is_raised_by_a_test(root: Path) -> None:
    assert not set(documented(root)) - raised(root / "tests")
