from __future__ import annotations

import pytest

from index.agencies import agencies
from index.types import Article

FILLER = "The boat was tied to the quay and nobody came for it. " * 30

CREDITED = {
    "WASHINGTON (AP) — The boat sailed.": {"ap"},
    "OTTAWA (The Canadian Press) — The boat sailed.\nContributing: Canadian Press": {"canadian press"},
    "TOKYO (Kyodo News) — The boat sailed.": {"kyodo"},
    "Berlin (dpa) - Das Boot fuhr ab.": {"dpa"},
    "SEOUL, June 16 (Meridian Wire) — The boat sailed.": {"meridian wire"},
    "Dhaka, Bangladesh Reuters — The boat sailed.": {"reuters"},
    "Mara Holt, Associated Press\nThe boat sailed.": {"ap"},
    f"{FILLER}\nReuters": {"reuters"},
    f"{FILLER}\n(Reuters)": {"reuters"},
    f"{FILLER}\nAFP contributed to this report.": {"afp"},
    f"{FILLER}\nContributing: Mara Holt, The Orrin Post; The Associated Press": {"ap"},
    f"{FILLER}\nSource: Kestrel Service": {"kestrel service"},
    f"{FILLER}\nQuelle: dpa": {"dpa"},
    f"{FILLER}\n© 2024 Agence France-Presse": {"afp"},
    f"{FILLER}\nCopyright Meridian Wire. All rights reserved.": {"meridian wire"},
}
NOT_CREDITED = [
    "The minister told Reuters that the boat had sailed.",
    f"{FILLER}\nThe boat had sailed, the Associated Press reported.",
    f"{FILLER}\nReuters has no office on the island.",
    f"{FILLER}\nThe crowd on the quay. Mara Holt | AP",
    f"{FILLER}\nMARA HOLT/AFP/Getty Images",
    "The coast guard (CG) said – and who would doubt it – that the boat had sailed.",
    f"{FILLER}\nHe moved to the AP's list of the ten best boats.",
]


@pytest.mark.parametrize("text", CREDITED)
def test_a_credit_names_its_agency(text: str) -> None:
    assert agencies(Article(text)) == CREDITED[text]


@pytest.mark.parametrize("text", NOT_CREDITED)
def test_to_speak_of_an_agency_is_no_credit(text: str) -> None:
    assert agencies(Article(text)) == frozenset()


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"byline": "Mara Holt, Associated Press"}, {"ap"}),
        ({"byline": "Mara Holt (Meridian Wire)"}, {"meridian wire"}),
        ({"byline": "dpa/lno"}, {"dpa"}),
        ({"outlet": "Larkmoor Chronicle (Meridian Wire)"}, {"meridian wire"}),
        ({"outlet": "Reuters"}, {"reuters"}),
        ({"byline": "Mara Holt", "outlet": "The Orrin Post"}, set()),
    ],
)
def test_byline_and_outlet_credit_too(fields: dict[str, str], named: set[str]) -> None:
    assert agencies(Article(FILLER, **fields)) == named


def test_what_stands_amid_an_article_is_no_credit() -> None:
    assert agencies(Article(f"{FILLER}\nReuters\n{FILLER}")) == frozenset()
