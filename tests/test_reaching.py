"""What a visitor sees of a server that is full, is stopped or comes back, in a real Chromium."""

from __future__ import annotations

import re
import signal
from pathlib import Path

from browser import DESKTOP, MARKS, PHONE, Visitor
from model_server import saying, stalling
from model_server import serving as model_serving
from playwright.sync_api import BrowserContext, Route, expect
from processes import SECONDS, model_at, running, stands, told

from assistant.answering import Assistant
from page import words

pytestmark = MARKS
# Of parts of the page, those that another part covers, by what stands at their middles.
COVERED = """(parts) => parts.filter((part) => {
  const it = document.querySelector(part);
  const { left, top, width, height } = it.getBoundingClientRect();
  const above = document.elementFromPoint(left + width / 2, top + height / 2);
  return !above || !(it.contains(above) || above.contains(it));
})"""
PARTS = ["#question textarea", "#send", "#stop", "#scope-words", "#masthead h1", "#masthead nav"]
FIRST, SECOND = "How much did it cost to rebuild the liaison office?", "Why did the Hanoi summit end early?"


def test_a_question_waits_for_room_where_the_queue_is_full_and_outlives_the_end_of_the_server(
    context: BrowserContext, sample: Assistant, tmp_path: Path
) -> None:
    home = sample.index.home
    refused = []

    def refuse_twice(route: Route) -> None:
        refused.append(route)
        if len(refused) <= 2:
            expect(visitor.page.locator("#reaching")).to_have_text(words.QUEUE_WAITS if refused[1:] else "")
            route.fulfill(status=503, json={"detail": "Queue is full."})
        else:
            route.continue_()

    with model_serving(saying("Nobody knows."), stalling) as model:
        with running(["ui.py"], tmp_path, home, **model_at(model)) as (process, address):
            told(process, address)
            stands(address)
            visitor = Visitor(context, address)
            visitor.page.route(re.compile("/queue/join"), refuse_twice)
            visitor.ask(FIRST)
            kept = visitor.answered().locator(".text").inner_text()
            assert len(refused) > 2
            expect(visitor.page.locator("#reaching")).to_be_hidden()
            visitor.ask(SECOND)
            expect(visitor.answer(1).locator(".status")).to_be_visible()
            process.send_signal(signal.SIGINT)
            assert process.wait(SECONDS) == 0
            expect(visitor.page.locator("#reaching")).to_have_text(words.SERVER_GONE)
            expect(visitor.answer(1).locator(".status")).to_be_hidden()
            for size in (DESKTOP, PHONE):
                visitor.page.set_viewport_size(size)
                expect(visitor.page.locator("#reaching")).to_be_in_viewport(ratio=1)
                assert visitor.page.evaluate(COVERED, ["#reaching", *PARTS]) == []
        port = int(address.rpartition(":")[2])
        with running(["ui.py"], tmp_path, home, port) as (process, address):
            told(process, address)
            expect(visitor.page.locator("#question textarea")).to_have_value(SECOND, timeout=SECONDS * 1000)
            expect(visitor.answer(0).locator(".text")).to_have_text(kept, use_inner_text=True)
            expect(visitor.page.locator("#conversation .question")).to_have_text([FIRST])
            visitor.page.locator("#question textarea").press("Enter")
            visitor.answered(1)
            assert visitor.strangers == []
            visitor.page.close()
