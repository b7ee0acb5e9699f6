"""An answer written by a model, streamed, cited and checked: what stays is what the articles say."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant import prompts
from assistant.cite import HANDLE, Written, handles, read
from assistant.faults import tell
from assistant.in_words import day_in_words, sentence
from assistant.model import Model, ModelError
from assistant.types import Answer, Citation, Claim, Source
from assistant.verify import Verifier
from assistant.verify.claims import claim_spans, says_nothing
from assistant.verify.standing import Place
from index.embed import Embed
from index.passages import sentences
from index.types import Article, Passage

NOT_FOUND = "(not found in the articles)"
MARGIN_TOKENS = 200  # for what a model's own template adds
_CUT_SHORT = "The model came to the limit of its length: the answer may be cut short."
_MORE, _ENDED = " …", re.compile(r"[.!?…][\"'”’»)\]]*$")
_BROKEN_OFF = "The answer breaks off here."

# What a model may not bring into an answer, whatever an article asks it for.
_THOUGHT = re.compile(r"<(think(?:ing)?)>.*?(?:</\1>\s*|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_BEFORE = re.compile(r"\A.*</think(?:ing)?>\s*", re.DOTALL | re.IGNORECASE)  # opened by the template
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\](?:\([^)\n]{0,500}\)?|\[[^\]\n]{0,100}\])?")
_LINK = re.compile(r"\[([^\[\]\n]{0,300})\]\((?:[^()\s]|\([^()\s]{0,200}\)){0,500}(?:\s[^()\n]{0,200})?\)")
_ADDRESS = re.compile(
    r"<?(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]{0,20}:)?//[^\s<>\"”’)\]]+>?|"
    r"(?<![\w.])(?:www\.|mailto:|data:|javascript:)[^\s<>\"”’)\]]*",
    re.IGNORECASE,
)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}")
_TAG = re.compile(r"</?[a-z!][^<>\n]{0,300}>", re.IGNORECASE)
_CODE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_MARKUP = re.compile(r"`+|\*\*|__|^#{1,6}\s+|^[ \t]{0,9}>\s?", re.MULTILINE)
_LEFT_OVER = re.compile(rf"<(?=[a-z/!])|(?<=\])(?=\()|(?<=\])(?=\[(?!{HANDLE}))", re.IGNORECASE)
_LABEL = re.compile(rf"\W*{HANDLE}\S*\s*", re.IGNORECASE)
_PASSES = 5  # what is taken out may bring what stood around it together
# The end of a text that is still growing, where it may become one of these.
_UNFINISHED = re.compile(
    r"(?:!?\[[^\]\n]{0,300}(?:\](?:\([^)\s]{0,500}(?:\s[^)\n]{0,200})?)?)?|!|<[^<>\n]{0,300}|`{1,3}|[*_]{1,2}|"
    r"(?:[a-z][a-z0-9+.-]{1,20}:/{0,2}|www\.?|ww?|[\w.+-]{1,64}@)[^\s)\]]{0,500})\Z",
    re.IGNORECASE,
)


class Writer:
    """Has a model write answers from passages, and vouches for them; safe to share between threads."""

    def __init__(self, model: Model, embed: Embed, limit_tokens: int) -> None:
        """Take the model, what turns texts into unit vectors, and how long an answer may be."""
        self._model = model
        self._embed = embed
        self._limit_tokens = limit_tokens

    def write(
        self, under_way: Answer, passages: Sequence[Passage], timeout_seconds: float | None = None
    ) -> Iterator[Answer]:
        """Yield the answer as it is written, then as it was checked.

        The model has `timeout_seconds`, or what it was set up with where that is less. The last answer has no
        claims where nothing the model wrote is in the articles, and abstains where it wrote that they do not
        say. Raises ModelError, if nothing came from it; what came before a break is kept, with a warning.
        """
        system, user, named = self._asked(under_way, passages)
        verifier = Verifier(passages, self._embed)
        preparing = threading.Thread(target=verifier.prepare, name="verify", daemon=True)
        with self._model.stream(
            system, user, limit_tokens=self._limit_tokens, timeout_seconds=timeout_seconds
        ) as reply:
            preparing.start()  # while the model makes up its mind
            text, warnings = "", []
            try:
                for piece in reply:
                    text += piece.encode("utf-8", "replace").decode("utf-8")  # no half characters
                    yield _as_it_grows(under_way, text, named)
            except ModelError as error:
                if not text.strip():
                    raise
                warnings.append(f"{sentence(str(error))} {_BROKEN_OFF}")
            warnings += [_CUT_SHORT] if reply.finished == "length" else []
        yield replace(_as_it_grows(under_way, text, named), status="checking what was written")
        preparing.join()
        written = read(cleaned(text), named)
        answer = checked(under_way, written, verifier, complete=not warnings)
        yield replace(
            answer,
            abstained=not answer.claims and _is_nothing(written.text, under_way.question),
            model=self._model.name,
            usage=reply.usage if under_way.usage is None else under_way.usage + reply.usage,
            warnings=(*under_way.warnings, *warnings),
        )

    def _asked(
        self, under_way: Answer, passages: Sequence[Passage]
    ) -> tuple[str, str, Mapping[str, Passage]]:
        """Write what the model is asked, its own part and the user's; and the names of the passages in it."""
        named = handles(passages, [under_way.question])
        nonce = prompts.new_nonce()
        system = prompts.render("answer", example=next(iter(named)), nonce=nonce)
        today = day_in_words(under_way.as_of) if under_way.as_of else "not given"
        asked = prompts.render("question", today=today, passages="", question=under_way.question)
        room = self._model.context_tokens - self._limit_tokens - MARGIN_TOKENS
        block, fitting = prompts.passages_block(named, nonce, room - prompts.tokens(system + asked))
        if not fitting:
            raise tell("no room to read", self._model.asked)
        user = prompts.render("question", today=today, passages=block, question=under_way.question)
        return system, user, fitting


def _is_nothing(text: str, question: str) -> bool:
    """Tell whether a text says that the passages do not answer, and no more."""
    said = [text[start:end] for start, end in sentences(text)]
    return bool(said) and all(says_nothing(one, question) for one in said)


def cleaned(text: str) -> str:
    """Take out what an answer may not hold: thoughts, code, images, addresses; of links and tags the signs.

    >>> cleaned("See [this](https://evil.example) <b>now</b> ![x](y)")
    'See this now '
    """
    text = _THOUGHT_BEFORE.sub("", _THOUGHT.sub("", text))
    text = _MARKUP.sub("", _CODE.sub("", text))
    for _ in range(_PASSES):
        before = text
        text = _LINK.sub(_label, _IMAGE.sub("", text))
        text = _TAG.sub("", _MAIL.sub("", _ADDRESS.sub("", text)))
        if text == before:
            break
    return _LEFT_OVER.sub(" ", text)


def _label(link: re.Match[str]) -> str:
    return f"[{link[1]}]" if _LABEL.fullmatch(link[1]) else link[1]


def checked(under_way: Answer, written: Written, verifier: Verifier, *, complete: bool = True) -> Answer:
    """Give every sentence its verdict and its marks, and the sources their numbers, by first appearance.

    A sentence that another sentence supports than the one it names is moved there; one that none supports is
    marked. Without any that is supported there is no answer: no text, no claims. Of a text that is not
    `complete` a last sentence without its end is kept, and claims nothing.
    """
    spans = claim_spans(written.text, under_way.question)
    whole = written.text.rstrip()
    broken = not complete and not _ENDED.search(whole)
    spans = [span for span in spans if span[1] < len(whole)] if broken else spans
    cited = [(written.text[start:end], _named(written, start, end)) for start, end in spans]
    judged = dict(zip(spans, verifier.judge(cited), strict=True))
    numbers: dict[Article, int] = {}
    claims, text, at = [], "", 0
    for start, end in sentences(written.text):
        text += written.text[at:start]
        at, begins = end, len(text)
        text += written.text[start:end]
        if (start, end) in judged:
            verdict, citations = judged[start, end]
            text += _marks(citations, numbers) or f" {NOT_FOUND}"
            claims.append(Claim(text[begins:], citations, verdict, begins, len(text)))
    if not numbers:
        return replace(under_way, text="", claims=(), sources=())
    sources = tuple(Source(number, article) for article, number in numbers.items())
    text = (text + written.text[at:]).rstrip() + (_MORE if broken else "")
    return replace(under_way, text=text, claims=tuple(claims), sources=sources)


def _marks(citations: Sequence[Citation], numbers: dict[Article, int]) -> str:
    own = dict.fromkeys(numbers.setdefault(one.article, len(numbers) + 1) for one in citations)
    return "".join(f" [{number}]" for number in own)


def _named(written: Written, start: int, end: int) -> list[Place]:
    """Find what the marks name that stand in a sentence, or right after it."""
    return [
        (reference.passage, span)
        for place, references in written.marks
        if start < place <= end
        for reference in references
        for span in reference.spans
    ]


def _as_it_grows(under_way: Answer, text: str, named: Mapping[str, Passage]) -> Answer:
    """Show what is written so far, before it is checked: with the marks it has, and their sources."""
    written = read(cleaned(_UNFINISHED.sub("", text)), named, final=False)
    numbers: dict[Article, int] = {}
    shown, at = "", 0
    for place, references in written.marks:
        own = dict.fromkeys(numbers.setdefault(one.passage.article, len(numbers) + 1) for one in references)
        shown += written.text[at:place] + "".join(f" [{number}]" for number in own)
        at = place
    sources = tuple(Source(number, article) for article, number in numbers.items())
    status = "writing" if text else "waiting for the model"
    return replace(under_way, text=shown + written.text[at:], sources=sources, status=status)
