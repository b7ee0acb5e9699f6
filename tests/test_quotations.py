from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.in_words import in_quotation_marks
from assistant.persons import is_one
from assistant.quotations import quotations
from assistant.sentences import is_spoken
from assistant.speakers import speakers


def quotes(text: str) -> list[str]:
    return [text[one.start : one.end] for one in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We wait,” she said. “We always do.”", ["We wait,", "We always do."]),
        ("“He told me ‘go home’ and I went,” she said.", ["He told me ‘go home’ and I went,"]),
        ("“He told me “go home” and I went,” she said.", ["He told me “go home” and I went,"]),
        ("„Wir warten“, sagte sie. »Noch lange«, sagte er.", ["Wir warten", "Noch lange"]),
        ('The pole is 6\'2" long. "Too long," he said.', ["Too long,"]),
        ("‘We don’t want the ferry back,’ he said of the boys’ plan.", ["We don’t want the ferry back,"]),
        ("“Never closed, and nobody knows where it ends.\n\nIt rained.", []),
        ("“Never closed. Then: “closed.”", ["closed."]),
    ],
)
def test_what_stands_in_quotation_marks_is_found(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


def test_a_quotation_goes_on_in_the_next_paragraph_and_so_does_its_speaker() -> None:
    text = "Ada Lund said: “The dike will hold.\n\n“The pumps will not.\n\n“So pack.”\n\nIt rained."
    assert quotes(text) == ["The dike will hold.", "The pumps will not.", "So pack."]
    assert [one.goes_on for one in quotations(text)] == [False, True, True]
    assert speakers(text) == ("Ada Lund",) * 3


@settings(deadline=None)
@given(st.text(alphabet='ab .,\n“”„«»"‘’', max_size=60))
def test_quotations_lie_inside_their_text_in_order_and_in_one_line(text: str) -> None:
    found = quotations(text)
    assert len(speakers(text)) == len(found)
    ends = [0]
    for one in found:
        assert ends[-1] <= one.start <= one.end <= len(text)
        assert "\n" not in text[one.start : one.end]
        ends.append(one.end)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“It is late,” said Foreign Minister Ada Lund.", "Ada Lund"),
        ("“It is late,” harbour master Cy Dell told reporters.", "Cy Dell"),
        ("Cy Dell, who runs the port, has warned: “It is late.”", "Cy Dell"),
        ("According to Ada Lund it was “very late” by then.", "Ada Lund"),
        ("„Es ist spät“, sagte Bürgermeisterin Anke Holt.", "Anke Holt"),
        ("Ada Lund came with Cy Dell. Ms Lund warned of rain.\n\n“It is late,” she said.", "Ada Lund"),
        ("The mayor, Ada Lund, drew up a list for Cy Dell. “It is late,” she said.", "Ada Lund"),
        ("Mayor Ada Lund spoke to Cy Dell. “It is late,” the mayor said.", "Ada Lund"),
        ("“It is late.” Ada Lund said nothing else about it.", ""),
        ("“It is late,” the letter read.", ""),
        ("“It is late,” a spokesman said. Mayor Ada Lund came.", ""),
        ("“It is late,” Ada Lund might have said, but did not.", ""),
        ("Ada Lund met Olaf Lund. “It is late,” Lund said.", ""),
        ("It said that the port was “very late” on Monday.", ""),
    ],
)
def test_the_speaker_is_who_the_article_says(text: str, speaker: str) -> None:
    assert speakers(text) == (speaker,)


def test_a_surname_alone_is_nobodys_full_name_and_no_relatives() -> None:
    assert is_one("Minister Ri Son Gwon", "Ri Son-gwon")
    assert is_one("Gwon", "Gwon")
    assert not is_one("Gwon", "Ri Son-gwon")
    assert not is_one("", "")
    assert not is_one("Kim Jong Un", "Kim Yo Jong")


@pytest.mark.parametrize(
    "unit",
    [
        "“Hello there, friend,” he said. ",
        "“Hello there, friend,” the minister said.\n",
        "Bo{} “hello there now,” he said.\n",
    ],
)
def test_naming_the_speakers_of_a_long_article_takes_no_time_by_its_square(unit: str) -> None:
    text = "".join(unit.format(n) for n in range(80_000 // len(unit)))
    began = time.monotonic()
    assert len(speakers(text)) == text.count("“")
    assert time.monotonic() - began < 10  # 1 second; by the square it took 27


@pytest.mark.parametrize(
    "text",
    [
        "Er sagte: „Nein.“ Dann ging er.",
        "„Wir bleiben“, sagte sie. „Noch lange.“ Dann ging sie.",
        "»Wir bleiben«, sagte sie. Dann ging sie.",
        "“We stay,” she said. Dann ging sie.",
    ],
)
def test_what_follows_a_quotation_is_not_spoken_and_what_stands_in_it_is(text: str) -> None:
    assert not is_spoken(text, text.index("Dann"))
    assert is_spoken("Sie sagte: „Wir bleiben. Noch lange.“", 24)
    assert is_spoken("She said: “We stay. For long.”", 20)


def test_german_marks_inside_a_quote_open_and_close() -> None:
    assert in_quotation_marks("Er sagte: „Nein.“ Sie: „Doch.“") == "“Er sagte: ‘Nein.’ Sie: ‘Doch.’”"
