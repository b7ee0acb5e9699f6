"""Words that would be more than words, in every place of the page where words from outside are shown.

Of a model, a reader, a document or a stored conversation: none of them runs, fetches, leads anywhere, or
takes the place of what the page is made of.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
import pytest
from browser import MARKS, PHONE, Visitor, bare, serving
from hostile_strings import HOSTILE, SNARE
from lxml import html as lxml_html
from model_server import Exchange
from model_server import serving as model_serving
from playwright.sync_api import BrowserContext, Page, expect
from sample_answers import FakeAssistant, citation
from scripted import handle_of
from storing import HashEmbedding

import page.chat
import ui
from assistant.answering import Assistant
from assistant.judgements import judgements
from assistant.settings import Settings
from assistant.types import Anchored, Answer, Claim, Disagreement, Source, Turn, Wording
from index.library import ArticleIndex
from index.types import Article, Scope, web_address
from page.answers import answer_html
from page.article import article_html
from page.chat import question_html
from page.kept import kept
from page.references import address as address_of
from page.stage import Stage, page_of
from page.welcome import welcome_html

pytestmark = MARKS
BATCH = 15  # strings to a conversation
_SURROGATE = re.compile("[\ud800-\udfff]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What messages and fragments are made of; a tag that is not here came from outside.
TAGS = set(
    "a article b bdi blockquote br button details div em h2 h3 header li mark ol p section span strong "
    "summary time ul".split()
)
ATTRIBUTES = set(
    "aria-describedby aria-hidden aria-label aria-labelledby aria-live aria-pressed class data-at "
    "data-chosen data-day data-id data-outlet data-page data-since data-until datetime dir hidden href id "
    "lang rel tabindex target title type".split()
)
EXPORTED_TAGS = TAGS | {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "main",
    "h1",
    "h4",
    "footer",
    "cite",
}
EXPORTED_ATTRIBUTES = {"lang", "charset", "name", "content", "http-equiv"}

LOOK = (Path(__file__).parent / "look_around.js").read_text("utf-8")
# Opens an article by the page's own script, and gives what the reader holds of it.
OPENED = """async (to) => {
    await dateline.open(to);
    const texts = (selector) => dateline.all(selector).map((one) => one.textContent).join("");
    return [texts("#reader .body"), texts("#reader mark.chosen")];
}"""


def typed(number: int) -> str:
    """Ask about one string, in words that have it."""
    return f"What of number {number}? {HOSTILE[number]}"[:1900]


def stored(text: str) -> str:
    """Give a string as the index takes it, which refuses half characters."""
    return _SURROGATE.sub("?", text)


def seen(text: str) -> str:
    """Give a string as a page can hold it: HTML has no NUL, and what turns words around is left out."""
    return _SURROGATE.sub("\ufffd", text).replace("\0", "\ufffd")


def article_of(number: int) -> Article:
    """Write an article that is hostile wherever it can be."""
    words = stored(HOSTILE[number])
    return Article(
        f"In harbour {number} it was {words} that sailed.\n\nSources said yesterday: {words}\n\nIt rained.",
        words,
        words,
        words,
        f"https://news.example/{number}?{words}" if number % 2 else words,
        date(2021, 1 + number % 12, 1 + number % 28),
        source=f"{number} {words}",
    )


def answer_of(number: int, other: Article) -> Answer:
    """Answer with one string wherever an answer has words."""
    words, article = HOSTILE[number], article_of(number)
    first = citation(article, f"In harbour {number} it was {stored(words)} that sailed.")
    second = citation(other, "Sources said yesterday:")
    one, two = f"It was {words} that sailed, they say. [1]", f"Nobody saw {words} there. [2]"
    text = f"{one}\n\n{two}"
    return Answer(
        text,
        typed(number),
        Scope(None, date(2020, 1, 1), None, (article.outlet, other.outlet)),
        (
            Claim(one, (first,), "supported", 0, len(one)),
            Claim(two, (second,), "unsupported", len(one) + 2, len(text)),
        ),
        (Source(1, article, (other,)), Source(2, other)),
        (
            Disagreement("conflict", words, ((words, first), (words, second))),
            Disagreement("update", words, ((words, first), (words, second))),
        ),
        nearest=(article,),
        warnings=(words,),
        model=words[:200],
        anchors=(Anchored("after", "published", words, words, date(2021, 1, 1), date(2021, 1, 2), first),),
    )


class Growing(FakeAssistant):
    """Tells its answers in pieces that end in the middle of what is hostile."""

    def _told(self, question: str) -> Iterator[Answer]:
        found = re.match(r"What of number (\d+)\?", question)
        if not found:
            yield from super()._told(question)
            return
        answer = replace(self.answers[typed(int(found[1]))], question=question)
        yield Answer("", question, status=f"reading {HOSTILE[int(found[1])]}")
        yield from (cut(answer, end) for end in cuts(answer.text, 4))
        yield answer


def cuts(text: str, pieces: int) -> Sequence[int]:
    """Give so many places in a text, none at its ends."""
    return sorted({len(text) * piece // (pieces + 1) for piece in range(1, pieces + 1)} - {0})


def cut(answer: Answer, end: int) -> Answer:
    """Give an answer as far as a model has written it."""
    claims = tuple(one for one in answer.claims if one.end <= end)
    return replace(answer, text=answer.text[:end], claims=claims, status=f"writing {answer.text[:end][-40:]}")


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Growing]:
    articles = [article_of(number) for number in range(len(HOSTILE))]
    answers = [answer_of(number, articles[(number + 1) % len(articles)]) for number in range(len(HOSTILE))]
    with ArticleIndex.open(tmp_path_factory.mktemp("hostile"), HashEmbedding()) as index:
        index.add(articles)
        assistant = Growing(index, *answers)
        assistant.settings = Settings(index.home, add=True)
        yield assistant


class HostileSuggestions:
    """Suggests what is hostile."""

    def __init__(self, _: object) -> None:
        """Take the assistant, and ask it nothing."""

    def of(self) -> Sequence[str]:
        """Give every string."""
        return HOSTILE


@pytest.fixture(scope="module", autouse=True)
def _every_piece_is_shown_and_hostile_questions_are_suggested() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("page.chat.paced", iter)
        patch.setattr(ui, "Suggestions", HostileSuggestions)
        patch.setattr(page.chat, "follow_ups", lambda _, turn, *__, **___: (turn.question, *HOSTILE[:3]))
        yield


@pytest.fixture(scope="module")
def address(assistant: Growing) -> Iterator[str]:
    with serving(assistant) as address:
        yield address


@pytest.fixture(scope="module")
def bare_address(assistant: Growing) -> Iterator[str]:
    with serving(assistant, bare) as address:
        yield address


class Watched(Visitor):
    """A visitor who notes everything that a page of words would never do."""

    def __init__(self, context: BrowserContext, address: str, **more: dict[str, int]) -> None:
        """Watch from the first moment."""
        self.dialogs: list[str] = []
        self.popups: list[str] = []
        self.links: list[str] = []  # the web addresses of the articles that were opened
        context.on("page", self._note_page)
        self._context = context
        super().__init__(context, address, **more)

    def _note_page(self, opened: Page) -> None:
        opened.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        opened.on("popup", lambda popup: self.popups.append(popup.url))

    def check(self) -> None:
        """Look for anything that came from a string instead of the page."""
        allowed = {"tags": sorted(TAGS), "links": self.links, "snare": SNARE}
        assert self.page.evaluate(LOOK, allowed) == []
        assert (self.strangers, self.dialogs, self.popups) == ([], [], [])

    def open(self, article: Article, to: str) -> tuple[str, str]:
        """Open an article in the reader; give its words there, and those that are chosen."""
        self.links += [web_address(article.url)] if web_address(article.url) else []
        body, chosen = self.page.evaluate(OPENED, to)
        return body, chosen

    def close(self) -> None:
        """Close the page; it asked nobody, said nothing, and opened nothing."""
        self.check()
        self._context.remove_listener("page", self._note_page)
        super().close()


@pytest.fixture
def visit(context: BrowserContext) -> Iterator[Callable[..., Watched]]:
    """Open the page for a visitor; what a failed test leaves open is closed, since it holds connections."""
    opened: list[Watched] = []

    def visit(address: str, **more: dict[str, int]) -> Watched:
        opened.append(Watched(context, address, **more))
        return opened[-1]

    yield visit
    for visitor in opened:
        visitor.page.close()


def asked_about(visitor: Watched, numbers: Sequence[int], assistant: Growing) -> None:
    """Ask about strings, open what each answer cites, and look at everything after each."""
    for place, number in enumerate(numbers):
        visitor.ask(typed(number))
        answer = visitor.answered(place)
        visitor.check()
        article = article_of(number)
        link = answer.locator(".text a.cite").first
        body, chosen = visitor.open(article, link.get_attribute("href") or "")
        (first,) = assistant.answers[typed(number)].claims[0].citations
        assert body == seen(article.text)
        assert chosen == seen(first.quote)
        link.dispatch_event("pointerover")
        expect(visitor.page.locator("#quoted")).to_be_visible()
        visitor.check()


@pytest.mark.parametrize("start", range(0, len(HOSTILE), BATCH))
def test_nothing_in_an_answer_or_an_article_is_more_than_words(
    visit: Callable[..., Watched], bare_address: str, assistant: Growing, start: int
) -> None:
    visitor = visit(bare_address)
    numbers = range(start, min(start + BATCH, len(HOSTILE)))
    asked_about(visitor, numbers, assistant)
    numbered = visitor.page.locator(".answer .text a.cite").all_text_contents()
    visitor.page.reload()
    visitor.ready()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(len(numbers))
    assert visitor.page.locator(".answer .text a.cite").all_text_contents() == numbered
    visitor.close()


def test_the_guarded_page_does_not_even_try(
    visit: Callable[..., Watched], address: str, assistant: Growing
) -> None:
    visitor = visit(address, size=PHONE)
    visitor.links += [web_address(article_of(number).url) for number in range(len(HOSTILE))]
    for place, number in enumerate(range(0, len(HOSTILE), 7)):
        visitor.page.evaluate("document.body.classList.remove('reading')")
        visitor.ask(typed(number))
        visitor.answered(place)
        visitor.check()
    visitor.close()  # a refused script or picture would be on its console


def test_what_a_model_writes_in_pieces_is_words_too(visit: Callable[..., Watched], sample: Assistant) -> None:
    def writing(exchange: Exchange) -> None:
        prompt = exchange.server.owner.requests[-1].body["messages"][-1]["content"]
        handle = handle_of(prompt, "17 billion won")
        text = f"Rebuilding it cost about 17 billion won [{handle}]. "
        text += " ".join(f"It cost {stored(words)[:120]} as well [{handle}]." for words in HOSTILE)
        exchange.begin()
        exchange.words([text[at : at + 11] for at in range(0, len(text), 11)])
        exchange.chunk("stop")
        exchange.done()
        exchange.end()

    with model_serving(writing) as server:
        settings = Settings(base_url=server.url, model="<b>stub</b>", timeout_seconds=60)
        with serving(Assistant(sample.index, settings=settings), bare) as address:
            visitor = visit(address)
            visitor.ask("How much did it cost to rebuild the liaison office?")
            expect(visitor.page.locator(".answer .text")).to_contain_text("17 billion won")
            visitor.check()
            visitor.answered()
            expect(visitor.page.locator(".answer .doubted").first).to_be_visible()
            visitor.close()


def test_articles_in_a_tab_of_their_own_hold_words_only(
    context: BrowserContext, visit: Callable[..., Watched], bare_address: str, assistant: Growing
) -> None:
    visitor = visit(bare_address)
    tab = context.new_page()
    asked_for: list[str] = []
    tab.on("request", lambda request: asked_for.append(request.url))
    for number in range(0, len(HOSTILE), 2):
        article = article_of(number)
        words = assistant.answers[typed(number)].claims[0].citations
        tab.goto(bare_address + address_of(article, words, words)[1:])
        assert tab.evaluate("document.querySelector('.body').textContent") == seen(article.text)
        assert tab.evaluate("window.ran") is None
        assert tab.locator("mark.chosen").count() >= 1
    assert {url.startswith(bare_address) for url in asked_for} == {True}
    tab.close()
    visitor.close()


def test_the_collection_names_hostile_articles_and_outlets_in_words(
    visit: Callable[..., Watched], bare_address: str
) -> None:
    visitor = visit(bare_address)
    dialog = visitor.page.locator("#collection")
    visitor.page.locator("#masthead .open-collection").click()
    for shown in range(20, len(HOSTILE), 20):
        expect(dialog.locator("a.open")).to_have_count(shown)
        dialog.locator(".more").click()
    expect(dialog.locator("a.open")).to_have_count(len(HOSTILE))
    visitor.check()
    for number in (0, 25, 31, 43, 50):
        dialog.locator("input.words").fill(stored(HOSTILE[number])[:1900])
        dialog.locator("input.words").press("Enter")
        expect(dialog.locator(".list [aria-busy=true]")).to_have_count(0)
        visitor.check()
    dialog.locator("button.outlet").nth(3).click()
    expect(dialog.locator("button.outlet[aria-pressed=true]")).to_have_count(1)
    dialog.locator(".close").click()
    expect(visitor.page.locator("#scope-words")).not_to_contain_text("Asking all")
    visitor.check()
    visitor.close()


def test_what_the_browser_kept_is_words_even_where_someone_else_wrote_it(
    visit: Callable[..., Watched], bare_address: str, assistant: Growing
) -> None:
    visitor = visit(bare_address)
    turns = [kept(Turn(typed(number), assistant.answers[typed(number)])) for number in (2, 12, 26)]
    entries = [
        {"key": stored(words), "name": words, "changed": words, "turns": [stored(words), *turns]}
        for words in HOSTILE
    ]
    visitor.page.evaluate(
        "(text) => localStorage.setItem('dateline.conversations', text)",
        json.dumps({"format": 1, "list": entries}),
    )
    visitor.page.locator("#masthead .open-conversations").click()
    dialog = visitor.page.locator("#conversations")
    expect(dialog.locator("li")).to_have_count(len(HOSTILE))
    visitor.check()
    dialog.locator("button.rename").nth(1).click()
    dialog.locator("li input").nth(1).fill(HOSTILE[14])
    dialog.locator("li input").nth(1).press("Enter")
    dialog.locator("button.delete").nth(5).click()
    expect(dialog.locator(".undo")).to_contain_text(HOSTILE[5][:20])
    visitor.check()
    dialog.locator("button.open").nth(0).click()
    expect(visitor.page.locator("#conversation .answer")).to_have_count(4)
    visitor.check()
    visitor.page.evaluate("localStorage.clear()")
    visitor.close()


def test_a_shared_link_fills_in_words_and_nothing_else(
    visit: Callable[..., Watched], bare_address: str
) -> None:
    visitor = visit(bare_address)
    field = visitor.page.locator("#question textarea")
    for words in HOSTILE:
        question, outlet = stored(words)[:1900], stored(words)[:200]
        if not question.strip():
            continue
        asked = json.dumps({"question": question, "outlets": [outlet]})
        visitor.page.evaluate("(asked) => location.hash = '#ask=' + encodeURIComponent(asked)", asked)
        plain = _TURNING.sub("", question)  # as it would stand in the chat
        expect(field).to_have_value(re.compile(re.escape(plain[:12].splitlines()[0])))
        visitor.page.evaluate("location.hash = " + json.dumps("#ask=" + stored(words)[:300]))
    known = "window.location.hash = '#ask=' + encodeURIComponent(JSON.stringify({question: 'Did it come?'}))"
    visitor.page.evaluate(known)
    expect(field).to_have_value("Did it come?")
    expect(visitor.page.locator("#scope-words")).to_contain_text(f"Asking all {len(HOSTILE)} articles")
    visitor.check()
    visitor.ask("And is the page as it was?")
    visitor.answered()
    visitor.close()


def test_a_reason_is_kept_as_it_was_typed(
    visit: Callable[..., Watched], bare_address: str, assistant: Growing
) -> None:
    visitor = visit(bare_address)
    for place, number in enumerate((1, 30, 33)):
        visitor.ask(typed(number))
        visitor.answered(place).locator("a.act[href='#unhelpful']").click()
        visitor.page.locator("#judging-reason").fill(HOSTILE[number])
        visitor.page.locator("#judging .send").click()
        expect(visitor.page.locator("#judging")).to_be_hidden()
        assert HOSTILE[number] in [one.reason for one in judgements(assistant.index.home)]
    visitor.close()


def test_what_became_of_an_added_article_is_told_in_words(
    visit: Callable[..., Watched], bare_address: str
) -> None:
    visitor = visit(bare_address)
    told: list[str] = []
    visitor.page.route("**/add?*", lambda route: route.fulfill(body=told[-1], content_type="text/plain"))
    visitor.page.locator("#masthead .open-adding").click()
    dialog = visitor.page.locator("#adding")
    for words in HOSTILE:
        done = {
            "added": 2, "told": words, "failures": [words], "remarks": [words],
            "articles": [{"id": "0" * 16, "title": words}, {"id": words, "title": words}],
        }  # fmt: skip
        stage = {"stage": words, "words": words, "done": 1, "total": 2}
        told.append(f"{json.dumps(stage)}\n{json.dumps(done)}\n")
        dialog.locator("[name=text]").fill(stored(words))
        dialog.locator("[name=title]").fill(stored(words)[:900])
        dialog.locator("button[type=submit]").click()
        expect(dialog.locator(".became ul button")).to_have_count(2)
    visitor.check()
    visitor.close()


def blank(context: BrowserContext, html: str) -> tuple[list[str], object]:
    """Open HTML by itself, where no policy holds it back; give what it asked for, and if anything ran."""
    opened = context.new_page()
    asked_for: list[str] = []
    opened.on("request", lambda request: asked_for.append(request.url))
    opened.on("dialog", lambda dialog: dialog.dismiss())
    opened.set_content(html)
    ran = opened.evaluate("window.ran")
    opened.close()
    return [url for url in asked_for if not url.startswith(("data:", "about:"))], ran


def test_an_export_opened_by_itself_asks_for_nothing_and_runs_nothing(
    context: BrowserContext, bare_address: str, assistant: Growing
) -> None:
    every = [kept(Turn(typed(number), assistant.answers[typed(number)])) for number in range(len(HOSTILE))]
    addresses = {web_address(article_of(number).url) for number in range(len(HOSTILE))}
    for start in range(0, len(every), 20):
        sent = {"turns": every[start : start + 20], "name": stored(HOSTILE[start])[:200]}
        for kind in ("html", "markdown", "json", "text"):
            reply = httpx.post(f"{bare_address}export?as={kind}", json=sent)
            assert reply.status_code == 200
            if kind != "html":
                continue
            assert blank(context, reply.text) == ([], None)
            strange, links = parts(reply.text, EXPORTED_TAGS, ATTRIBUTES | EXPORTED_ATTRIBUTES)
            assert strange == set()
            assert {link for link in links if not link.startswith("#")} <= addresses


def test_the_page_of_those_who_wait_tells_hostile_errors_in_words(context: BrowserContext) -> None:
    for words in HOSTILE:
        html = bytes(page_of(Stage(name=stored(words), error=stored(words))).body).decode()
        # Its own script asks how far the page is, which a blank page has no address for.
        asked_for, ran = blank(context, re.sub(r"setTimeout\(look, 500\)", "", html))
        assert (asked_for, ran) == ([], None)


# The routes and the messages by themselves, in every piece


def parts(html: str, tags: set[str], attributes: set[str]) -> tuple[set[str], set[str]]:
    """Give the tags and attributes of some HTML that are not expected there, and all its links."""
    strange, links = set(), set()
    for element in lxml_html.fromstring(f"<div>{html}</div>" if "<html" not in html else html).iter():
        if not isinstance(element.tag, str):
            strange.add("a comment")
            continue
        strange |= {element.tag} - tags
        strange |= {f"{element.tag} {name}" for name in element.attrib if name not in attributes}
        links |= {value for name, value in element.attrib.items() if name == "href"}
    return strange, links


def is_ours(link: str) -> bool:
    """Whether a link stays on the page."""
    return bool(re.fullmatch(r"/article/[0-9a-f]{16}(\?[\w=&.~%-]*)?|#[\w-]*", link))


def test_an_answer_is_words_wherever_its_stream_is_cut(assistant: Growing) -> None:
    for number, words in enumerate(HOSTILE):
        answer = assistant.answers[typed(number)]
        step = 1 + len(words) // 30
        for end in range(0, len(answer.text), step):
            html = answer_html(cut(answer, end), typed=words)
            strange, links = parts(html, TAGS, ATTRIBUTES)
            assert (strange, [link for link in links if not is_ours(link)]) == (set(), [])
            assert "\n" not in html


def test_a_final_answer_its_question_and_the_welcome_are_made_of_known_parts(assistant: Growing) -> None:
    for number, words in enumerate(HOSTILE):
        answer = assistant.answers[typed(number)]
        both = answer.claims[0].citations + answer.claims[1].citations
        told = replace(answer, wordings=(Wording(words, both),))
        for html in (
            answer_html(told, kept=words, follow_ups=HOSTILE, typed=words),
            answer_html(replace(told, abstained=True, sources=(), claims=(), text=words)),
            question_html(words, waiting=True),
            welcome_html(assistant.index.coverage(), sample=True, questions=HOSTILE),
        ):
            strange, links = parts(html, TAGS, ATTRIBUTES)
            assert strange == set()
            assert [link for link in links if not is_ours(link) and not link.startswith("#")] == []


@pytest.mark.parametrize("path", ["collection", "articles"])
def test_the_fragments_of_the_collection_are_made_of_known_parts(bare_address: str, path: str) -> None:
    for words in ("", *HOSTILE):
        query = {"outlet": stored(words)[:400], "words": stored(words)[:1900]} if words else {}
        reply = httpx.get(bare_address + path, params=query)
        if reply.status_code == 400:
            assert reply.headers["content-type"].startswith("text/plain")
            continue
        strange, links = parts(reply.text, TAGS, ATTRIBUTES)
        assert (strange, [link for link in links if not is_ours(link)]) == (set(), [])


def test_an_article_is_made_of_known_parts(assistant: Growing) -> None:
    for number in range(len(HOSTILE)):
        article = article_of(number)
        spans = ((0, 9), (5, len(article.text)))
        html = article_html(article, spans, ((3, 12),), copies=[article_of(0)], current=False)
        strange, links = parts(html, TAGS, ATTRIBUTES)
        assert strange == set()
        original = web_address(article.url)
        assert [link for link in links if not is_ours(link)] == ([original] if original else [])
