"""Word-level differences of any two texts: nothing is lost, nothing is marked in vain."""

import unicodedata
from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from cptdiff.judgement.wording import (
    DELETED,
    INSERTED,
    SAME,
    count_common,
    merge_pieces,
    split_tokens,
)

WORDS = (
    "polish widget Polish 5 cm 2.5 25 mm % , ; ( ) eg / - \u00a0 \u2019 é e\u0301 ß ẞ İ 😀 \n \t"
    " = \u0338 \u0301 \u0915\u093f"
)
ALIKE = st.lists(st.sampled_from([*WORDS.split(" "), " ", " "])).map("".join)
TEXTS = st.text() | ALIKE


@given(TEXTS, TEXTS)
def test_the_pieces_joined_are_both_texts(previous: str, current: str) -> None:
    found = merge_pieces(previous, current)
    assert "".join(text for role, text in found if role != INSERTED) == previous
    assert "".join(text for role, text in found if role != DELETED) == current
    assert {role for role, _ in found} <= {SAME, DELETED, INSERTED}
    assert all(text for _, text in found)


@given(TEXTS, TEXTS)
def test_neighbors_have_different_roles_and_what_went_stands_first(
    previous: str, current: str
) -> None:
    roles = [role for role, _ in merge_pieces(previous, current)]
    steps = set(pairwise(roles))
    assert steps <= {
        (SAME, DELETED), (SAME, INSERTED), (DELETED, SAME), (INSERTED, SAME), (DELETED, INSERTED),
    }  # fmt: skip


@given(TEXTS, TEXTS)
def test_no_accent_is_parted_from_its_letter(previous: str, current: str) -> None:
    found = merge_pieces(previous, current)
    for text, other in ((previous, INSERTED), (current, DELETED)):
        ends = accumulate(len(piece) for role, piece in found if role != other)
        parted = [text[end : end + 1] for end in ends if end < len(text)]
        assert not [mark for mark in parted if unicodedata.category(mark).startswith("M")]


@given(TEXTS)
def test_one_text_is_only_the_same(text: str) -> None:
    assert merge_pieces(text, text) == (((SAME, text),) if text else ())


@given(TEXTS)
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(split_tokens(text)) == text
    assert all(split_tokens(text))


@given(TEXTS, TEXTS)
def test_what_stands_alike_at_both_ends_does_not_overlap(previous: str, current: str) -> None:
    start, length = count_common(previous, current)
    assert 0 <= start + length <= min(len(previous), len(current))
    assert previous[:start] == current[:start]
    assert previous[len(previous) - length :] == current[len(current) - length :]
