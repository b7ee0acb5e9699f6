"""A conversation that a browser has kept, brought back."""

from __future__ import annotations

import json

import pytest
from sample_answers import HANOI, HARBOUR, MERIDIAN, UNDATED

from assistant.types import Turn
from index.library import ArticleIndex
from page import words
from page.conversation import STOPPED
from page.kept import kept
from page.recalling import BadHandError, recalled

TURN = Turn("Why did it end?", HANOI)


def test_a_conversation_comes_back_turn_by_turn_and_says_what_is_lost(index: ArticleIndex) -> None:
    index.add([HARBOUR, MERIDIAN, UNDATED])
    back = recalled(json.dumps({"turns": [kept(TURN), "damaged"]}), index)
    whole, gone = back.exchanges
    assert whole.turn == TURN
    assert whole.wanted
    assert whole.wanted.fields.scope() == HANOI.scope
    assert (gone.turn.answer.status, gone.turn.answer.warnings) == (STOPPED, (words.KEPT_DAMAGED,))
    assert gone.wanted is None
    assert back.history == (TURN,)


def test_what_would_keep_the_processor_is_said_not_to_be_shown(
    index: ArticleIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.recalling._MOST_SECONDS", -1.0)
    (exchange,) = recalled(json.dumps({"turns": [kept(TURN)]}), index).exchanges
    assert "There is more in this conversation than can be shown again at once." in exchange.html


@pytest.mark.parametrize("text", ["", "[]", '{"nonce": 1, "turns": []}', '{"turns": [7]}'])
def test_what_is_no_conversation_is_refused(index: ArticleIndex, text: str) -> None:
    with pytest.raises(BadHandError):
        recalled(text, index)
