from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timezone
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_answers import ABSTAINED, FULL, HANOI, HARBOUR, MERIDIAN, UNDATED, citation, quoting

from assistant.answering import Assistant
from assistant.changes import correction_warnings
from assistant.composing import compared, reworded
from assistant.in_words import dateline, in_quotation_marks
from assistant.types import Anchored, Answer, Claim, Disagreement, Source, Verdict, Wording
from index.intervals import Interval
from index.types import Article, Scope
from page.answers import answer_html
from page.citing import Links, title_in_words
from page.conversation import STOPPED
from page.references import reference
from page.telling import text_html

OWN: dict[str, set[str]] = {
    "a": {"class", "href", "title", "dir", "hidden"},
    "details": {"class"},
    **{tag: {"class", "dir"} for tag in ("div", "ul", "ol", "li", "p", "span", "bdi", "blockquote", "em")},
    "summary": set(),
    "b": set(),
}


class Read(HTMLParser):
    """What stands in a page: its tags and attributes, its links, and the words that are seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, tuple[tuple[str, str], ...]]] = []
        self.wrong: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.tags.append((tag, has))
        self.open.append((tag, has.get("class") or ""))
        if len(has) != len(attrs):
            self.wrong.append(f"{tag} has an attribute twice")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop()[0] != tag:
            self.wrong.append(f"{tag} is closed and was not open")

    def handle_data(self, data: str) -> None:
        self.texts.append((data, tuple(self.open)))

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"an instruction: {data}")

    def text(self, inside: str = "", outside: str = "no such class") -> str:
        """Give the words inside a class, if one is named, those inside another left out."""
        return "".join(
            data
            for data, around in self.texts
            if any(inside in names.split() for _, names in around) or not inside
            if not any(outside in names.split() for _, names in around)
        )

    def links(self, name: str) -> list[str]:
        return [
            has["href"] or ""
            for tag, has in self.tags
            if tag == "a" and has.get("class") == name and "href" in has
        ]


def is_own(page: str) -> bool:
    """Tell whether a page is one line of whole tags of our own, with links to nowhere but cited articles."""
    read = Read(page)
    assert len(page.splitlines()) == 1
    assert not read.wrong
    assert not read.open
    for tag, has in read.tags:
        assert tag in OWN, tag
        assert set(has) <= OWN[tag], (tag, has)
        assert has.get("dir", "auto") == "auto"
        if "href" in has:
            assert re.fullmatch(r"/article/[0-9a-f]{16}\?[\w=&-]+|#[\w-]*", has["href"] or ""), has
    return True


def squeezed(text: str) -> str:
    """Give the characters of a text that are seen: no spaces, and nothing that only turns others around."""
    return re.sub("[\u202a-\u202e\u2066-\u2069]", "", "".join(text.split()))


def written(*sentences: tuple[str, Verdict, Sequence[Article]]) -> Answer:
    """Make an answer as a model writes it, a paragraph of sentences, each with what it rests on."""
    articles = list(dict.fromkeys(article for *_, cited in sentences for article in cited))
    text, claims = "", []
    for words, verdict, cited in sentences:
        text += " " if text else ""
        marks = "".join(f" [{articles.index(one) + 1}]" for one in cited) or " (not found in the articles)"
        own = tuple(citation(one, one.text.split(".")[0]) for one in cited)
        claims.append(Claim(words + marks, own, verdict, len(text), len(text) + len(words + marks)))
        text += words + marks
    sources = tuple(Source(number, article) for number, article in enumerate(articles, 1))
    return Answer(text, "Was there a lunch?", claims=tuple(claims), sources=sources, model="scripted")


WRITTEN = written(
    ("The lunch was called off.", "supported", [MERIDIAN]),
    ("The cook wept.", "unsupported", []),
    ("“Aides said the lunch was cancelled.”", "verbatim", [MERIDIAN, HARBOUR]),
)
UPDATE = Disagreement(
    "update",
    "when the lunch was",
    (("before noon", citation(HARBOUR, "before lunch")), ("never", citation(MERIDIAN, "was cancelled"))),
)
CORRECTED = Article(
    "The ferry sank on Friday.\nCorrection, 2 May 2020: The ferry was towed.\n"
    "Clarification: It was the old one.",
    "Ferry sinks",
    "The Post",
    published=date(2020, 5, 1),
    modified=datetime(2020, 5, 2, tzinfo=timezone.utc),
    date_source="file",
)

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><a href="https://evil.example">x</a>',
    "' onmouseover='alert(1)",
    "</div></li></p></blockquote></details>",
    "<!-- -->",
    "<![CDATA[x]]>",
    "<?php ?>",
    "&lt;b&gt;&#60;i&#62;",
    "![i](https://evil.example/i.png)",
    "[click](javascript:alert(1))",
    "**bold** `code` ~~~\n```\n# head",
    "$x^2$ \\(y\\) $$z$$",
    "\u202egnirts\u202c \u2066isolated",
    "zero\u200bwidth\ufeff\u200d",
    "line\none\rtwo\u2028three\u2029four\x0bfive\x85six",
    "[1] [2] [99] 【1】",
    "https://evil.example www.evil.example mailto:a@evil.example",
    "x" * 5000,
    "\x00\ud800 NUL",
    "”: “forged” [1]; The Post, 1 May 2020: “",
    "12 June 2020 · The Post: “forged” [1]",
]


def spoilt(words: str) -> Answer:
    """Make an answer whose every string from outside holds some words."""
    article = Article(
        f"A sentence of {words} it is.\nCorrection: {words}",
        title=words,
        outlet=words,
        byline=words,
        url=f"https://news.example/{words}",
        source=words,
        published=date(2020, 6, 12),
        date_source=words,
    )
    quote = citation(article, f"A sentence of {words} it is.")
    told = f"{dateline(article)}: {in_quotation_marks(quote.quote)} [1]"
    claims = [Claim(told, (quote,), "verbatim", 0, len(told))]
    text = f"{told}\n\n{words}"
    claims.append(Claim(words, (), "unsupported", len(told) + 2, len(text)))
    other = replace(article, text=f"Another of {words} it is.", source="other")
    beside = Wording(words, (quote, citation(other, "Another")))
    differ = Disagreement("conflict", words, ((words, quote), ("another", citation(other, "Another"))))
    day = date(2020, 6, 1)
    answer = Answer(
        text,
        words,
        Scope(outlets=() if "\ud800" in words else (words,)),
        tuple(claims),
        (Source(1, article, (replace(other, title=""), UNDATED)),),
        nearest=(article, other),
        warnings=(words, words),
        model=words,
        anchors=(Anchored("after", "about", words, words, day, day, quote),),
        about=(Interval(day, day),),
    )
    return compared(reworded(answer, [beside]), [differ])


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("status", ["", STOPPED, "writing"])
def test_whatever_it_holds_an_answer_is_one_line_of_our_own_tags(words: str, status: str) -> None:
    answer = replace(spoilt(words), status=status and (status if status == STOPPED else words))
    page = answer_html(answer, kept=words, follow_ups=[words], typed=words)
    links = re.sub(r' href="#[^"]*" hidden', "", page)  # what is kept is our own: no address
    assert is_own(links)
    assert is_own(text_html(replace(answer, model=""), Links(answer)) or "<p></p>")


@settings(deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1), max_size=4))
def test_the_text_has_the_words_of_every_quote_in_order(quotes: list[str]) -> None:
    articles = [
        Article(text, outlet="The Post" if at % 2 else "", source=str(at)) for at, text in enumerate(quotes)
    ]
    answer = quoting("?", *((article, article.text) for article in articles))
    page = f"<div>{text_html(answer, Links(answer))}</div>"
    assert is_own(page)
    shown, at = squeezed(Read(page).text(outside="cite")), 0
    for claim in answer.claims:
        words = squeezed(claim.text).removesuffix(f"[{answer.claims.index(claim) + 1}]")
        assert words in shown[at:]
        at = shown.index(words, at) + len(words)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.text("ab .·:“”;[]1\n", min_size=1), st.sampled_from(["supported", "unsupported"])),
        min_size=1,
        max_size=5,
    )
)
def test_the_text_has_the_words_of_every_sentence_of_a_model_in_order(
    sentences: list[tuple[str, Verdict]],
) -> None:
    made = [(words, verdict, [MERIDIAN] if verdict == "supported" else []) for words, verdict in sentences]
    answer = written(*made)
    page = f"<div>{text_html(answer, Links(answer))}</div>"
    assert is_own(page)
    assert squeezed(Read(page).text(outside="spoken")) == squeezed(answer.text)


def test_nothing_in_a_name_turns_the_words_after_it_around() -> None:
    turning = replace(MERIDIAN, outlet="\u202eeriW\u2066", title="\u202deltit")
    page = answer_html(quoting("\u202e?", (turning, "Aides said")), follow_ups=["\u2067Why?"])
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    assert "eriW, 13 June 2020" in Read(page).text()


def test_a_quotation_stands_apart_from_who_said_it() -> None:
    read = Read(text_html(HANOI, Links(HANOI)))
    said = [data for data, around in read.texts if around[-1][0] == "blockquote"]
    assert said[0] == "“The two sides could not agree on how far sanctions should be lifted.” "
    assert "The Harbour Post, 28 February 2019: " in read.text("by")
    assert "sanctions" not in read.text("by")


def test_two_reports_of_one_statement_are_two_quotations() -> None:
    one, other = citation(HARBOUR, "No date was set for a third meeting."), citation(MERIDIAN, "Aides said")
    text = "; ".join(
        f"{dateline(cited.article)}: {in_quotation_marks(cited.quote)} [{number}]"
        for number, cited in enumerate((one, other), 1)
    )
    claims = (Claim(text, (one, other), "verbatim", 0, len(text)),)
    answer = Answer(text, "?", claims=claims, sources=(Source(1, HARBOUR), Source(2, MERIDIAN)))
    page = text_html(answer, Links(answer))
    assert page.count("<blockquote") == page.count('class="by"') == 2
    assert squeezed(Read(page).text(outside="cite")) == squeezed(re.sub(r"\[\d\]", "", text))


def test_a_citation_leads_to_its_own_words_among_all_that_are_cited_there() -> None:
    read = Read(text_html(HANOI, Links(HANOI)))
    assert len(read.links("cite")) == 3
    for claim, link in zip(HANOI.claims, read.links("cite"), strict=True):
        quote = claim.citations[0]
        parts = urlsplit(link)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        found = reference(parts.path.removeprefix("/article/"), **asked)
        own = [one.citations[0] for one in HANOI.claims if one.citations[0].article == quote.article]
        assert found.article_id == quote.article.id
        assert found.version == quote.article.version
        assert found.chosen == ((quote.start, quote.end),)
        assert found.marks == tuple((one.start, one.end) for one in own)


def test_a_citation_is_named_by_number_outlet_and_day_and_has_its_quote_as_tooltip() -> None:
    read = Read(text_html(HANOI, Links(HANOI)))
    assert "[2] Meridian Wire, 13 June 2020" in read.text("cite")
    titles = [has["title"] for tag, has in read.tags if tag == "a"]
    assert titles == [claim.citations[0].quote for claim in HANOI.claims]
    long = Article("word " * 200 + "end.", outlet="The Post")
    answer = quoting("?", (long, long.text))
    title = next(has["title"] for tag, has in Read(answer_html(answer)).tags if "title" in has)
    assert title is not None
    assert len(title) <= 302
    assert title.endswith("word …")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (WRITTEN, "3 statements: 1 word for word, 1 supported, 1 not found in the articles"),
        (HANOI, "3 statements: all word for word"),
        (quoting("?", (MERIDIAN, "Aides said")), "Quoted word for word."),
        (written(("So it was.", "supported", [MERIDIAN])), "Supported by the article, in other words."),
    ],
)
def test_it_is_said_in_words_how_the_statements_rest_on_the_articles(answer: Answer, said: str) -> None:
    read = Read(answer_html(answer))
    assert said in (read.text("verdicts") or read.text("verdict"))
    assert ("details" in [tag for tag, _ in read.tags]) == (len(answer.claims) > 1)


def test_each_statement_has_its_verdict_and_its_links() -> None:
    read = Read(answer_html(WRITTEN))
    told = read.text("verdicts")
    assert "The lunch was called off. supported [1]" in told
    assert "The cook wept. not found in the articles“Aides said" in told
    assert "cancelled.” word for word [1] Meridian Wire, 13 June 2020 [2]" in told


def test_what_is_not_found_is_said_to_be_once_in_the_text() -> None:
    assert Read(text_html(WRITTEN, Links(WRITTEN))).text("doubted") == (
        "The cook wept. (not found in the articles)"
    )
    bare = Answer("The cook wept.", "?", claims=(Claim("The cook wept.", (), "unsupported", 0, 14),))
    assert Read(text_html(bare, Links(bare))).text("doubted") == "The cook wept. (not found in the articles)"


def test_a_development_is_a_timeline_and_so_is_what_is_new(sample: Assistant) -> None:
    for question in (
        "How did the talks between the United States and North Korea develop?",
        "What is new on Kaesong since 13 June 2020?",
    ):
        answer = sample.answer(question, as_of="2020-06-24")
        read = Read(answer_html(answer))
        tags = [tag for tag, _ in read.tags]
        assert tags.count("ol") == 1
        assert read.text("when").count("20") >= len(answer.claims) > 1
        for claim in answer.claims:
            assert in_quotation_marks(claim.citations[0].quote) in read.text("timeline")
            assert answer.text[: claim.start].splitlines()[-1].removesuffix(" · ") in read.text("when")


def test_what_reports_differ_on_takes_the_place_of_its_sentence(sample: Assistant) -> None:
    answer = sample.answer("What did North Korea ask for in Hanoi?")
    assert answer.disagreements
    page = answer_html(answer)
    read = Read(page)
    assert "Reports differ on whether it was all or a part" in read.text("differ")
    assert "Reports differ" not in read.text(outside="differ").replace(read.text("verdicts"), "")
    assert page.count('class="side"') == 2
    for value, cited in answer.disagreements[0].values:
        assert value in read.text("value")
        assert f"{dateline(cited.article)} [{answer.number(cited)}]" in read.text("differ")
        assert in_quotation_marks(cited.quote) in read.text("differ")
    assert page.index('class="quote"') < page.index('class="differ"') < page.index('class="verdicts"')


def test_an_update_says_which_report_is_the_latest() -> None:
    answer = compared(HANOI, [UPDATE])
    told = Read(text_html(answer, Links(answer))).text("differ")
    assert told.startswith("Updated: when the lunch was")
    assert "Earlier before noon" in told
    assert "Latest never" in told
    assert told.index("Earlier") < told.index("Latest")


def test_a_disagreement_that_the_text_does_not_tell_is_shown_after_it() -> None:
    page = text_html(FULL, Links(FULL))
    assert page.count('class="differ"') == 1
    assert (
        page.rindex('class="quote"') < page.index("of the $3m".replace("$", "&#36;")) < page.index("differ")
    )


def test_wordings_stand_side_by_side_and_what_each_has_alone_is_underlined(sample: Assistant) -> None:
    read = Read(answer_html(sample.answer("What is a hollow promise?")))
    told = read.text("wordings")
    assert told.startswith("Ri Son-gwon is quoted in two wordings“There is nothing more hypocritical")
    assert "“No hypocrisy is greater than a hollow promise.”Unknown outlet, 13 June 2020 [2]" in told
    assert read.text("unlike").startswith("Therenothing more hypocriticalan emptyNo hypocrisygreatera hollow")
    assert "Underlined" in read.text("hint")


def test_sources_are_cards_with_their_copies_each_a_link() -> None:
    read = Read(answer_html(FULL))
    told = read.text("sources")
    assert told.startswith("2 sources, 2 independent[1] The Harbour Post, 28 February 2019: Hanoi talks")
    assert "date from the page's metadata" in told
    assert "2 articles, 1 independent report: also in A note, undated" in told
    assert any(UNDATED.id in link for link in read.links("cite"))


def test_sources_that_are_copies_of_one_report_are_one_independent_source(sample: Assistant) -> None:
    answer = sample.answer("When was the liaison office demolished?")
    first = answer.sources[0]
    assert first.copies
    both = replace(answer, sources=(replace(first, copies=()), Source(9, first.copies[0])))
    assert "2 sources, 1 independent" in Read(answer_html(both)).text("sources")
    strangers = replace(answer, sources=(Source(1, HARBOUR), Source(2, MERIDIAN)), claims=(), text="")
    assert "2 sources, 2 independent" in Read(answer_html(strangers)).text("sources")
    shared = replace(
        answer, claims=(), text="", sources=(Source(1, HARBOUR, (UNDATED,)), Source(2, MERIDIAN, (UNDATED,)))
    )
    assert "2 sources, 1 independent" in Read(answer_html(shared)).text("sources")


def test_an_article_without_outlet_is_said_to_have_none_once_and_shows_its_title_or_file() -> None:
    untitled = replace(UNDATED, title="")
    answer = quoting("?", (untitled, untitled.text))
    card = Read(answer_html(answer)).text("sources")
    assert card.count("Unknown outlet") == 1
    assert card.endswith("[1] Unknown outlet, undated: note.txt")
    copied = replace(HANOI, sources=(Source(1, HARBOUR, (untitled,)), HANOI.sources[1]))
    assert "also in note.txt" in Read(answer_html(copied)).text("sources")
    assert "Unknown outlet" not in Read(answer_html(copied)).text("sources")


@pytest.mark.parametrize(
    ("title", "source", "shown"),
    [
        ("\u200b\u202e ", "articles/note.txt", "note.txt"),
        ("A\n\ttitle", "", "A title"),
        ("", "C:\\news\\day.html", "day.html"),
        ("", "", "Untitled article"),
    ],
)
def test_a_title_is_a_line_that_can_be_seen(title: str, source: str, shown: str) -> None:
    assert title_in_words(Article("It rained.", title=title, source=source)) == shown


def test_what_an_article_is_and_how_sure_its_day_is_stands_on_its_card() -> None:
    opinion = replace(MERIDIAN, genre="opinion", byline="Dov Lessingham")
    assert "opinion by Dov Lessingham" in Read(answer_html(quoting("?", (opinion, "Aides")))).text("label")
    read = Read(answer_html(quoting("?", (CORRECTED, "The ferry sank on Friday."))))
    assert read.text("label") == "changed 2 May 2020corrected"
    assert read.text("origin") == "date read from the file's name, uncertain"


def test_a_correction_is_told_once() -> None:
    asked = quoting("?", (CORRECTED, "The ferry sank on Friday."))
    warned = replace(asked, warnings=(*correction_warnings(asked.sources), "One has no date."))
    assert len(warned.warnings) == 2
    read = Read(answer_html(warned))
    assert read.text().count("The ferry was towed.") == 1
    assert "Correction, 2 May 2020: The ferry was towed." in read.text("correction")
    assert read.text("warning") == "One has no date."
    told = quoting("?", (CORRECTED, "Correction, 2 May 2020: The ferry was towed."))
    read = Read(answer_html(replace(told, warnings=correction_warnings(told.sources))))
    assert read.text().count("The ferry was towed.") == 1
    assert read.text("correction") == "Clarification: It was the old one."


def test_warnings_are_told_once_each() -> None:
    warned = replace(HANOI, warnings=("One has no date.", "Two are old.", "One has no date."))
    assert Read(answer_html(warned)).text("warning") == "One has no date.Two are old."


def test_where_it_abstains_the_nearest_articles_are_cards() -> None:
    read = Read(answer_html(ABSTAINED))
    told = read.text("nearest")
    assert told.startswith(
        "The nearest articlesThe Harbour Post, 28 February 2019: Hanoi talks break off early"
    )
    assert len(read.links("cite")) == 2
    assert not read.text("sources")
    assert not read.text("verdict")


def test_it_is_said_what_was_asked_with_a_link_to_the_words_an_event_is_dated_by() -> None:
    told = citation(HARBOUR, "The second meeting ended before lunch on Thursday.")
    day = date(2019, 2, 28)
    anchor = Anchored("after", "about", "Hanoi", "Hanoi", day, day, told)
    answer = replace(HANOI, anchors=(anchor,), scope=Scope(outlets=("Meridian Wire",)))
    read = Read(answer_html(answer, typed="And then?"))
    assert read.text("asked").startswith(
        "Asked of what came after “Hanoi”, 28 February 2019 (The Harbour Post, 28 February 2019: “The second"
    )
    assert read.text("asked").endswith("on Thursday.”); of Meridian Wire.")
    assert f"chosen={told.start}-{told.end}" in read.links("cite")[0]
    assert read.text("searched") == "Searched: Why did the Hanoi summit end early?"
    assert not Read(answer_html(HANOI, typed=f" {HANOI.question} ")).text("searched")


def test_an_answer_under_way_shows_all_that_is_known_and_what_is_being_done() -> None:
    page = answer_html(replace(WRITTEN, status="reading 8 passages", claims=()), follow_ups=["And then?"])
    read = Read(page)
    assert read.text("status") == "Reading 8 passages …"
    assert "The lunch was called off." in read.text()
    assert page.index("The lunch") < page.index('class="status"') < page.index('class="sources"')
    assert not read.links("act")
    assert not read.links("follow")
    assert not read.text("written")


def test_a_final_answer_offers_what_to_do_and_what_to_ask_next() -> None:
    read = Read(answer_html(WRITTEN, kept="eJx-_1", follow_ups=["Why <now>?", " ", "Why <now>?"]))
    assert read.links("act") == [
        "#copy", "#export", "#share", "#again", "#edit", "#helpful", "#unhelpful",
    ]  # fmt: skip
    assert read.links("follow") == ["#ask"]
    assert read.text("follow") == "Why <now>?"
    assert read.links("record") == ["#eJx-_1"]
    assert "Written by scripted" in read.text("written")
    assert not Read(answer_html(WRITTEN)).links("record")


def test_an_answer_that_was_stopped_can_be_asked_again_or_changed() -> None:
    read = Read(answer_html(replace(HANOI, status=STOPPED), follow_ups=["And then?"]))
    assert read.links("act") == ["#again", "#edit"]
    assert not read.text("status")
    assert not read.links("follow")


def test_an_answer_of_ten_claims_is_written_in_a_few_milliseconds() -> None:
    articles = [
        Article(f"Report {n}. " + f"Sentence {n} of many words. " * 200, f"Title {n}", f"Outlet {n}")
        for n in range(10)
    ]
    answer = quoting("?", *((article, f"Report {n}.") for n, article in enumerate(articles)))

    def seconds() -> float:
        began = time.perf_counter()
        answer_html(answer, kept="kept", follow_ups=["Why?"])
        return time.perf_counter() - began

    assert min(seconds() for _ in range(20)) < 0.02
