"""Every citation of many answers, opened on the page: what is marked is what was quoted, to the letter."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import AsyncMock
from urllib.parse import urlsplit

import pytest
from browser import MARKS, Visitor, serving
from conftest import DATA
from playwright.sync_api import BrowserContext, expect

import page.chat
import ui
from assistant.answering import Assistant
from assistant.settings import Settings
from assistant.suggesting import questions_about
from assistant.types import Answer, Citation, Turn
from index.library import ArticleIndex
from index.types import Article, Scope
from page.citing import shortened

pytestmark = MARKS
QUESTIONS = [
    json.loads(line)["question"]
    for line in (Path(__file__).parent / "data" / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
# Of forms that those lack: events that days are counted from, timelines, wordings, disagreements.
FURTHER = (
    "What has North Korea launched since Hanoi?",
    "What did Kim Yo Jong say before the liaison office was blown up?",
    "How did the relations of North Korea and the South develop?",
    "What did Trump say in Hanoi?",
    "What is a hollow promise?",
    "How many people were at the Singapore summit?",
    "Where did Trump and Kim meet?",
)
TOGETHER = 6  # questions to a conversation
CLICKED = 7  # one link of so many is clicked for real
TOOLTIP_CHARACTERS = 300
# Opens addresses one after the other with the page's own script: whole text and chosen words of each.
OPENED = """async (addresses) => {
    const joined = (selector) => dateline.all(selector).map((one) => one.textContent).join("");
    const shown = [];
    for (const to of addresses) {
        await dateline.open(to);
        shown.push([joined("#reader .body"), joined("#reader mark.chosen")]);
    }
    return shown;
}"""
# Addresses and tooltips; a pointer over a link has moved its title into its data.
LINKS = """(links) =>
    links.map((one) => [one.getAttribute("href"), one.title || one.dataset.quote || ""])
"""
IN_VIEW = """() => {
    const line = document.querySelector("#reader mark.chosen").getClientRects()[0];
    const at = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2);
    return Boolean(at?.closest("mark.chosen"));
}"""


class Heard(Assistant):
    """An assistant whose final answers are kept beside the page that shows them."""

    answers: list[Answer]

    def stream(self, question: str, history: Sequence[Turn] = (), **scope: object) -> Iterator[Answer]:
        """Keep what is told last."""
        for answer in super().stream(question, history, **scope):  # type: ignore[arg-type]
            if not answer.status:
                self.answers.append(answer)  # before anything can be shown
            yield answer


@dataclass(slots=True)
class Tally:
    """How much was looked at, and what was found to differ."""

    answers: int = 0
    abstained: int = 0
    links: int = 0
    opened: int = 0
    clicked: int = 0
    citations: int = 0
    differences: list[str] = field(default_factory=list)


def covered(citations: Sequence[Citation]) -> str:
    """Give all characters that some citations of one article hold, each once."""
    places = sorted({at for one in citations for at in range(one.start, one.end)})
    return "".join(citations[0].article.text[at] for at in places)


def groups(answer: Answer) -> Iterator[Sequence[Citation]]:
    """Give what a link of an answer may lead to: a claim's words in one article, a side, an anchor."""
    for claim in answer.claims:
        for article in dict.fromkeys(one.article for one in claim.citations):
            yield [one for one in claim.citations if one.article == article]
    every = [one for disagreement in answer.disagreements for _, one in disagreement.values]
    every += [one for wording in answer.wordings for one in wording.citations]
    every += [anchor.citation for anchor in answer.anchors]
    every += [one for claim in answer.claims for one in claim.citations]
    yield from ([one] for one in every)


def quoted(answer: Answer) -> Mapping[tuple[str, str], set[str]]:
    """Give the words that a link may choose, by its article and its tooltip; "" where it has none."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for group in groups(answer):
        tooltip = shortened(" … ".join(one.quote for one in group), TOOLTIP_CHARACTERS)
        found[group[0].article.id, tooltip].add(covered(group))
    for article in {one.article for claim in answer.claims for one in claim.citations}:
        in_order = [one for claim in answer.claims for one in claim.citations if one.article == article]
        found[article.id, ""] = {min(in_order, key=lambda one: (one.start, one.end)).quote}
    return found


def articles_in(answer: Answer) -> dict[str, Article]:
    """List every article that an answer has a link to."""
    shown = [one for source in answer.sources for one in (source.article, *source.copies)]
    shown += [*answer.nearest, *(group[0].article for group in groups(answer))]
    return {article.id: article for article in shown}


def compare(visitor: Visitor, answer: Answer, tally: Tally) -> None:
    """Open every link of the newest answer, and note whatever is not as it was quoted."""
    found = visitor.answer().locator("a.cite").evaluate_all(LINKS)
    addresses = list(dict.fromkeys(to for to, _ in found))
    shown = dict(zip(addresses, visitor.page.evaluate(OPENED, addresses), strict=True))
    expected, articles = quoted(answer), articles_in(answer)
    seen: dict[str, set[str]] = defaultdict(set)
    for to, tooltip in found:
        name = urlsplit(to).path.rpartition("/")[2]
        body, chosen = shown[to]
        seen[name].add(chosen)
        if body != articles[name].text:
            tally.differences.append(f"{answer.question}: the text behind {to}")
        if chosen not in expected.get((name, tooltip), {""}):
            tally.differences.append(f"{answer.question}: {chosen!r} is chosen for {tooltip!r}")
    for group in groups(answer):
        words = covered(group)
        if not any(words in chosen for chosen in seen[group[0].article.id]):
            tally.differences.append(f"{answer.question}: no link leads to {words!r}")
    for place in range(tally.links % CLICKED, len(found), CLICKED):
        click(visitor, place, shown[found[place][0]][1], tally)
    tally.answers += 1
    tally.abstained += answer.abstained
    tally.links += len(found)
    tally.opened += len(addresses)
    tally.citations += len({(one.article, one.start, one.end) for group in groups(answer) for one in group})


def click(visitor: Visitor, place: int, chosen: str, tally: Tally) -> None:
    """Click a link of the newest answer as a reader does: the chosen words are marked, and can be seen."""
    link = visitor.answer().locator("a.cite").nth(place)
    link.evaluate("(link) => link.closest('details')?.setAttribute('open', '')")
    link.click()
    expect(visitor.page.locator("#reader")).not_to_have_attribute("aria-busy", "true")
    tally.clicked += 1
    if visitor.marked("chosen") != chosen:
        tally.differences.append(f"clicked: {visitor.marked('chosen')!r} instead of {chosen!r}")
    if chosen and not visitor.page.evaluate(IN_VIEW):
        tally.differences.append(f"clicked: {chosen!r} is not in view")


@pytest.fixture(autouse=True)
def _nothing_is_asked_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the questions that the page makes for its readers: those take answers of their own."""
    monkeypatch.setattr(page.chat, "follow_ups", lambda *_, **__: ())
    monkeypatch.setattr(ui.Suggestions, "of", AsyncMock(return_value=()))


def asked(context: BrowserContext, index: ArticleIndex, home: Path, questions: Sequence[str]) -> Tally:
    """Ask questions on the page, a few to a conversation, and compare every link of every answer."""
    assistant, tally = Heard(index, settings=Settings(home)), Tally()
    assistant.answers = []
    with serving(assistant) as address:
        visitor = Visitor(context, address)
        for number, question in enumerate(questions):
            place = number % TOGETHER
            if number and not place:
                visitor.begin_anew()
                expect(visitor.page.locator("#conversation .answer")).to_have_count(0)
            visitor.ask(question)
            visitor.answered(place)
            assert len(assistant.answers) == number + 1
            compare(visitor, assistant.answers[-1], tally)
        visitor.close()
    print(  # noqa: T201 - the figures of a report
        f"\n{tally.answers} answers ({tally.abstained} abstained), {tally.citations} citations, "
        f"{tally.links} links to {tally.opened} addresses, {tally.clicked} clicked, "
        f"{len(tally.differences)} differences"
    )
    return tally


def test_every_citation_of_the_samples_answers_is_marked_to_the_letter(
    context: BrowserContext, sample: Assistant
) -> None:
    tally = asked(context, sample.index, sample.settings.home, (*QUESTIONS, *FURTHER))
    assert tally.differences == []
    assert tally.answers >= 50
    assert tally.answers - tally.abstained > 40
    assert tally.clicked > 20


def about_each(assistant: Assistant, each: int) -> list[str]:
    """Make questions that the articles of an index answer."""
    leads = {lead.article.id: lead.article for lead in assistant.index.leads(Scope(), 60)}
    made = [one for article in leads.values() for one in questions_about(assistant, article, each, 1.0)]
    return list(dict.fromkeys(made))


def test_every_citation_in_articles_as_someone_saved_them_is_marked_to_the_letter(
    context: BrowserContext, real: Assistant
) -> None:
    tally = asked(context, real.index, real.settings.home, about_each(real, 5))
    assert tally.differences == []
    assert tally.citations


def test_every_citation_in_news_of_many_outlets_is_marked_to_the_letter(
    context: BrowserContext, tmp_path: Path
) -> None:
    packed = DATA / "multihoprag" / "articles.jsonl.gz"
    if not packed.is_file():
        pytest.skip("the articles of MultiHop-RAG are not here: they are not part of this project")
    few = tmp_path / "news.jsonl"
    with gzip.open(packed, "rb") as lines:
        few.write_bytes(b"".join(next(lines) for _ in range(24)))
    with ArticleIndex.open(tmp_path / "home") as index:
        assert not index.sync([few]).failed
        questions = about_each(Assistant(index, settings=Settings(tmp_path)), 1)
        tally = asked(context, index, tmp_path, questions)
    assert tally.differences == []
    assert tally.citations
