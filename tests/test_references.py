from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sample_answers import HARBOUR, MERIDIAN, citation

from page.references import MOST_SPANS, UnknownReferenceError, address, reference

QUOTE = citation(HARBOUR, "Sometimes you have to walk")
OTHER = citation(HARBOUR, "No date was set")


def test_an_address_names_the_version_and_the_words_and_is_read_back() -> None:
    parts = urlsplit(address(HARBOUR, [OTHER, QUOTE, citation(MERIDIAN, "Aides")], [QUOTE]))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    read = reference(parts.path.removeprefix("/article/"), **query)
    assert (read.article_id, read.version) == (HARBOUR.id, HARBOUR.version)
    assert read.marks == ((QUOTE.start, QUOTE.end), (OTHER.start, OTHER.end))
    assert read.chosen == ((QUOTE.start, QUOTE.end),)


@pytest.mark.parametrize(
    ("article_id", "query"),
    [
        ("", {}),
        ("../../etc/passwd", {}),
        ("0" * 17, {}),
        ("0" * 16, {"version": "x"}),
        ("0" * 16, {"marks": "1-2-3"}),
        ("0" * 16, {"marks": "1"}),
        ("0" * 16, {"marks": "²-³"}),
        ("0" * 16, {"chosen": "-1-5"}),
        ("0" * 16, {"chosen": "1-2_"}),
        ("0" * 16, {"marks": "_".join(["1-2"] * (MOST_SPANS + 1))}),
        ("0" * 16, {"marks": "9" * 5000 + "-1"}),
    ],
)
def test_what_no_address_can_hold_is_refused(article_id: str, query: dict[str, str]) -> None:
    with pytest.raises(UnknownReferenceError):
        reference(article_id, **query)
