"""Every slug has its text and fix in `SLUGS`, is in docs/messages.md and is raised by a test."""

import ast
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

from cptdiff.errors import SLUGS

# Not a range of codes: W000-W999.
SLUG = re.compile(r"(?<![-\w])[EW][0-9]{3}(?![-\w])")


def raised(folder: Path, *apart: Path) -> set[str]:
    """Return the slugs in the strings of a folder's code, without docstrings and files `apart`."""
    return {
        slug
        for path in sorted(folder.rglob("*.py"))
        if path not in {Path(__file__), *apart}
        for text in strings(ast.parse(path.read_text("utf-8")))
        for slug in SLUG.findall(text)
    }


def strings(tree: ast.Module) -> Iterator[str]:
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_every_slug_that_the_code_raises_is_listed_and_no_other(root: Path) -> None:
    assert raised(root / "cptdiff", root / "cptdiff" / "errors.py") == set(SLUGS)


def test_the_slugs_are_in_order() -> None:
    assert list(SLUGS) == sorted(SLUGS)


def test_every_slug_says_what_is_wrong_and_what_to_do_in_sentences() -> None:
    for slug, (text, fix) in SLUGS.items():
        for words in (text, fix):
            assert re.fullmatch(r"(?:`--|[A-Z])[^|\n]{5,}\.", words), (slug, words)


def test_every_slug_is_raised_by_a_test(root: Path) -> None:
    assert not set(SLUGS) - raised(root / "tests")


def test_the_page_of_messages_is_what_make_docs_writes(root: Path) -> None:
    script = runpy.run_path(str(root / "tests" / "messages.py"))
    assert (root / "docs" / "messages.md").read_text("utf-8") == script["write_page"]()
