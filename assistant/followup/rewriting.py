"""A question that leans on the ones before it, as one that can be searched by itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING

from assistant import prompts
from assistant.faults import ModelError
from assistant.followup.ellipsis import capital, in_full, is_fragment, like
from assistant.followup.mentions import mentions
from assistant.followup.reference import resolved, searched
from assistant.question import LIMIT_CHARACTERS, cleaned
from assistant.types import Turn, Usage
from index.words import stems

if TYPE_CHECKING:
    from assistant.model import Model

_TURNS_BACK = 4  # a pronoun refers to what was said just before; a phrase such as "the summit" too
_TURNS_SHOWN, _SHOWN_CHARACTERS = 3, 500  # of the conversation, to a model
_LIMIT_TOKENS, _REWRITTEN_CHARACTERS = 120, 400
_STEPS = 3

_OPENING = re.compile(r"(?:and|but|so|also|or|well|ok|okay|und|aber)\b[\s,]+(?:then,? |so )?(?=\S)", re.I)
_ABOUT = re.compile(r"(?:what|how) about |was ist mit |wie steht es mit ", re.IGNORECASE)
_RETURN = re.compile(
    r"(?:(?:going |coming )?back to|returning to|as for|zurück zu[mr]?) ([^:,–—]+?)\s*[:,–—]\s*(\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_OPENS, _CLOSES = "\"'“”‘„«(*_", "\"'”’“‘»)*_"
_MARKED = re.compile(r"^[*#>`\[-]|^[\w ]{0,30}question\s*:|\[\d+\]|[<>`]|https?://", re.IGNORECASE)

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question made whole, and what the model took for it; `fault` is why the rules had to do it."""

    question: str
    usage: Usage | None = None
    fault: ModelError | None = None


def rewritten(
    question: str, history: Sequence[Turn], model: Model, timeout_seconds: float | None = None
) -> Generator[None, None, Rewritten]:
    """Ask a model for the question as it can be searched by itself; by the rules where it gives none.

    Yields while it waits, at least once a second, and returns the question.
    """
    if not history:
        return Rewritten(question)
    nonce = prompts.new_nonce()
    system = prompts.render("rewrite", nonce=nonce)
    shown = [(searched(turn), _shown(turn)) for turn in history[-_TURNS_SHOWN:]]
    turns = "\n".join(prompts.render("turn", question=asked, answer=said) for asked, said in shown)
    user = prompts.render("conversation", nonce=nonce, turns=turns, question=question)
    try:
        with model.stream(system, user, limit_tokens=_LIMIT_TOKENS, timeout_seconds=timeout_seconds) as reply:
            for _ in reply:
                yield
        text, usage = reply.text, reply.usage
    except ModelError as error:
        return Rewritten(standalone(question, history), fault=error)
    words = " ".join([question, *(f"{asked} {said}" for asked, said in shown)])
    if _is_question(text.strip(), words, nonce):
        return Rewritten(cleaned(text), usage)
    _logger.info("the question was rewritten by rules: what the model gave is no question")
    return Rewritten(standalone(question, history), usage)


def _shown(turn: Turn) -> str:
    return shorten(re.sub(r"\s?\[\d+\]", "", turn.answer.text), _SHOWN_CHARACTERS, placeholder="")


def _is_question(text: str, conversation: str, nonce: str) -> bool:
    """Tell whether what a model gave can be one: a short bare line, about what was talked of."""
    if not text or len(text) > _REWRITTEN_CHARACTERS or len(text.splitlines()) > 1 or nonce in text:
        return False
    if _MARKED.search(text) or (text[0] in _OPENS and text[-1] in _CLOSES):
        return False
    return not set(stems(text)).isdisjoint(stems(conversation))


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Give the question as it can be searched by itself; exactly as it is, where it can or nothing helps.

    - "Back to X: why did it end?" is about X, whatever else was asked.
    - "What about X?", "And in 2019?", "Why?" ask the previous question of something else.
    - "Who said that?" asks after the first quote of the previous answer.
    - Pronouns stand for what the last question that fits mentions, "he" for who acts in it; where none
      does, for who its answer names. One whose noun stands before it in the same question stays.
    - "The summit", "that summit" is the one that an earlier question has by its name.

    What comes out is left alone when it is put in again.
    """
    turns = [turn for turn in reversed(history[-_TURNS_BACK:]) if 0 < len(searched(turn)) <= LIMIT_CHARACTERS]
    if not turns or not question.strip() or len(question) > LIMIT_CHARACTERS:
        return question
    text = question
    for _ in range(_STEPS):
        before, text = text, _step(text, turns)
        if text == before:
            return text if len(text) <= LIMIT_CHARACTERS else question
    return question


def _step(question: str, turns: Sequence[Turn]) -> str:
    """Apply the rules once."""
    bare = question.strip()
    if returned := _RETURN.fullmatch(bare):
        named = resolved(returned[1], turns)
        rest = resolved(returned[2], turns, mentions(f"of {named}"))
        return capital(rest) if rest != returned[2] else question.replace(returned[1], named, 1)
    opening = _OPENING.match(bare)
    rest = bare[opening.end() :] if opening else bare
    if whole := in_full(rest, turns[0]):
        return whole
    about = _ABOUT.match(rest)
    named = rest[about.end() if about else 0 :].strip(" ?.!")
    if named and (about or is_fragment(named, opened=bool(opening))):
        return like(named, turns) or question
    return capital(resolved(rest, turns)) if opening else resolved(question, turns)
