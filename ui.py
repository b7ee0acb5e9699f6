"""The chat page: questions on the left, the cited article on the right. Run `python ui.py`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":  # first, since gradio takes seconds to import: early visitors are told of it
    from assistant.cli import main

    sys.argv[1:] = ["serve"]  # which imports this module anew, and ends the program
    main()

# Gradio reads these when it is imported and later: they could share the page, or call home.
for _name in [name for name in os.environ if name.startswith("GRADIO_")]:
    del os.environ[_name]
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from assistant.opening import holds_sample_only  # noqa: E402
from assistant.question import LIMIT_CHARACTERS  # noqa: E402
from assistant.suggesting import Suggestions  # noqa: E402
from page import words  # noqa: E402
from page.adding import ROUTE as ADD  # noqa: E402
from page.chat import answered, messages  # noqa: E402
from page.conversation import Conversation, Line, asked_for  # noqa: E402
from page.guard import LOCAL, Guard, hosts  # noqa: E402
from page.recalling import BadHandError, recalled  # noqa: E402
from page.routes import routes  # noqa: E402
from page.scope import Fields, handed, listed, told  # noqa: E402
from page.sent import LARGEST  # noqa: E402
from page.shell import head  # noqa: E402
from page.welcome import welcome_html  # noqa: E402

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.library import ArticleIndex

_MOST_WAITING = 100  # events of all visitors; a page that opens has two, a question two

# Of 42 kB, and 62 kB more for each answer; what is left behind for another is brought back by the browser.
_MOST_SESSIONS = 2_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What gradio has of the page; `conversation` and `line` are each visitor's own.

    What is not seen is how the page's scripts hand something to Python: `clear` and `stop` are pressed,
    `instead`, `wanted_scope` and `kept` are written; `current_scope` is for them to read.
    """

    conversation: gr.State
    line: gr.State
    chat: gr.Chatbot
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    scope: tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox]  # in the order of Fields
    scope_words: gr.Button
    clear_scope: gr.Button
    instead: gr.Textbox
    clear: gr.Button
    welcome: gr.Button
    scope_changed: gr.Button
    wanted_scope: gr.Textbox
    set_scope: gr.Button
    current_scope: gr.Textbox
    kept: gr.Textbox
    recall: gr.Button


def build(assistant: Assistant) -> gr.Blocks:
    """Wire the events of the page; every visitor has a conversation of their own."""
    page = gr.Blocks(title=words.TITLE, analytics_enabled=False, fill_height=True)
    with page:
        parts = _layout(assistant.index.coverage().outlets)
        _wire_welcome(page, parts, assistant)
        _wire_asking(parts, assistant)
        _wire_turning_away(parts, assistant.index)
        _wire_scope(page, parts, assistant)
        page.queue(max_size=_MOST_WAITING, default_concurrency_limit=4)
    return page


_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def _wire_welcome(page: gr.Blocks, parts: Parts, assistant: Assistant) -> None:
    index, suggested = assistant.index, Suggestions(assistant)

    def drawn(questions: Sequence[str] | None) -> gr.Chatbot:
        return gr.Chatbot(placeholder=welcome_html(index.coverage(), holds_sample_only(index), questions))

    async def welcome() -> AsyncIterator[gr.Chatbot]:
        yield await asyncio.to_thread(drawn, None)
        yield await asyncio.to_thread(drawn, await suggested.of())

    # However many wait for suggestions to be made, whoever comes next is told what there is.
    begun = [page.load, parts.welcome.click]
    gr.on(begun, welcome, None, parts.chat, concurrency_limit=None, **_QUIET)


def _wire_asking(parts: Parts, assistant: Assistant) -> None:
    def ask(typed: str, conversation: Conversation, line: Line, instead: str, *scope: Any) -> Any:  # noqa: ANN401
        wanted = asked_for(typed, conversation, instead, Fields.filled(*scope))
        if wanted is None or not line.join(wanted):
            return gr.skip(), ""  # what is shown may be ahead of `conversation`
        return messages(conversation.before(wanted), line.waiting), ""  # chat.js empties the field

    def answer(conversation: Conversation, line: Line) -> Iterator[tuple[Any, Any]]:
        current = None
        for current in answered(assistant, conversation, line):
            yield messages(current, line.waiting), current
        if line.after is not None:  # gradio shows at the end once more what was shown last
            yield messages(line.after), line.after
        elif current is None:
            yield gr.skip(), gr.skip()  # gradio takes yielding nothing for an empty chat

    state = [parts.conversation, parts.line]
    asked = gr.on(
        [parts.question.submit, parts.ask.click],
        ask,
        [parts.question, *state, parts.instead, *parts.scope],
        [parts.chat, parts.instead],
        trigger_mode="multiple",
        concurrency_limit=1,  # in the order in which they were asked
        **_QUIET,
    )
    # One for all, so that no visitor has two answers under way: it answers whoever joins meanwhile.
    asked.then(answer, state, [parts.chat, parts.conversation], trigger_mode="always_last", **_QUIET)


def _wire_turning_away(parts: Parts, index: ArticleIndex) -> None:
    def stop(conversation: Conversation, line: Line) -> Any:  # noqa: ANN401
        return gr.skip() if line.stop() else messages(conversation)

    def clear(line: Line) -> tuple[Any, Any, Any]:
        return [], Conversation(), line.leave_for(Conversation())

    def recall(kept: str, line: Line) -> tuple[Any, Any, Any]:
        try:
            conversation = recalled(kept, index)
        except BadHandError:
            return gr.skip(), gr.skip(), gr.skip()
        return messages(conversation), conversation, line.leave_for(conversation)

    state = [parts.conversation, parts.line]
    # Not `cancels`: the page would cancel a question that is asked right after.
    parts.stop.click(stop, state, parts.chat, **_QUIET)
    parts.clear.click(clear, parts.line, [parts.chat, *state], **_QUIET)
    parts.recall.click(recall, [parts.kept, parts.line], [parts.chat, *state], **_QUIET)


def _wire_scope(page: gr.Blocks, parts: Parts, assistant: Assistant) -> None:
    fields = list(parts.scope)
    outlets = parts.scope[0]
    shown = [parts.scope_words, parts.clear_scope, parts.current_scope]

    def tell(*fields: Any) -> tuple[str, gr.Button, str]:  # noqa: ANN401
        asked = Fields.filled(*fields)
        return told(assistant.index, asked), gr.Button(visible=asked != Fields()), asked.as_json

    def choices(written: str) -> gr.Dropdown:
        wanted = handed(written)
        return gr.Dropdown(listed(assistant.index, wanted.outlets if wanted else ()))

    def set_scope(written: str) -> tuple[Any, ...]:
        wanted = handed(written)
        if wanted is None:
            return (gr.skip(),) * len(fields)
        return list(wanted.outlets), wanted.since, wanted.until, wanted.as_of

    in_order: dict[str, Any] = {"trigger_mode": "multiple", "concurrency_limit": 1, **_QUIET}
    # By a button that scope.js presses: of several fields that change at once, gradio tells of some only.
    gr.on([parts.scope_changed.click, outlets.change, page.load], tell, fields, shown, **in_order)
    page.load(choices, parts.wanted_scope, outlets, **_QUIET)
    # Choices before values: gradio may lose a value that comes together with its choices.
    offered = parts.set_scope.click(choices, parts.wanted_scope, outlets, **in_order)
    wanted = offered.then(set_scope, parts.wanted_scope, fields, **in_order)
    cleared = parts.clear_scope.click(lambda: ([], "", "", ""), None, fields, **_QUIET)
    for begun in (wanted, cleared):
        begun.then(tell, fields, shown, **in_order)


def _layout(outlets: Sequence[str]) -> Parts:
    with gr.Column(elem_id="asking", min_width=280):
        chat = _chat()
        with gr.Row(elem_id="scope-line"):
            scope_words = gr.Button(words.SCOPE, elem_id="scope-words", size="sm")
            clear_scope = gr.Button(words.CLEAR_SCOPE, elem_id="clear-scope", size="sm", visible=False)
        with gr.Column(elem_id="scope"):  # not an accordion: one that is closed forgets what it is told
            fields = _scope_fields(outlets)
        question, ask, stop = _question()
    unseen: dict[str, Any] = {"visible": "hidden"}
    return Parts(
        conversation=gr.State(Conversation(), time_to_live=24 * 3600),
        line=gr.State(Line(), time_to_live=24 * 3600),
        chat=chat,
        question=question,
        ask=ask,
        stop=stop,
        scope=fields,
        scope_words=scope_words,
        clear_scope=clear_scope,
        instead=gr.Textbox(elem_id="instead", label="instead", **unseen),
        clear=gr.Button("clear", elem_id="clear", **unseen),
        welcome=gr.Button("welcome", elem_id="welcome", **unseen),
        scope_changed=gr.Button("scope changed", elem_id="scope-changed", **unseen),
        wanted_scope=gr.Textbox(elem_id="wanted-scope", label="scope", **unseen),
        set_scope=gr.Button("set scope", elem_id="set-scope", **unseen),
        current_scope=gr.Textbox(elem_id="current-scope", label="current scope", **unseen),
        kept=gr.Textbox(elem_id="kept", label="kept", **unseen),
        recall=gr.Button("recall", elem_id="recall", **unseen),
    )


def _scope_fields(outlets: Sequence[str]) -> tuple[gr.Dropdown, gr.Textbox, gr.Textbox, gr.Textbox]:
    """Make the fields of the scope; chat.js gives those of days the browser's own calendar."""
    with gr.Row():
        named = gr.Dropdown(
            list(outlets),
            value=[],
            multiselect=True,
            label=words.OUTLETS,
            elem_id="outlets",
            scale=3,
        )
        since, until, as_of = (
            gr.Textbox(label=label, elem_id=name, max_lines=1, scale=1, min_width=130)
            for name, label in (("since", words.SINCE), ("until", words.UNTIL), ("as-of", words.AS_OF))
        )
    return named, since, until, as_of


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="conversation",
        label=words.CONVERSATION,
        show_label=False,
        height="100%",
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        layout="panel",
        autoscroll=False,  # chat.js shows the question; gradio would show the end
    )


def _question() -> tuple[gr.Textbox, gr.Button, gr.Button]:
    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            elem_id="question",
            label=words.QUESTION,
            show_label=False,
            placeholder=words.QUESTION_HINT,
            max_lines=6,
            max_length=10 * LIMIT_CHARACTERS,  # what is too long is refused in words, not cut
            autofocus=True,
            scale=5,
        )
        ask = gr.Button(words.ASK, elem_id="send", variant="primary", scale=1, min_width=80)
        stop = gr.Button(words.STOP, elem_id="stop", variant="stop", scale=1, min_width=80)
    return question, ask, stop


def application(assistant: Assistant, port: int) -> Guard:
    """Make the whole page as an ASGI application, with the guard in front of it."""
    adding = assistant.settings.add
    page = build(assistant)
    page.state_session_capacity = _MOST_SESSIONS
    app = gr.mount_gradio_app(
        FastAPI(openapi_url=None, routes=routes(assistant)),
        page,
        path="/",
        server_name=LOCAL,
        server_port=port,
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size=1,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=gr.themes.Default(primary_hue="red", font=["Georgia", "serif"], font_mono=["monospace"]),
        head=head(adding),
    )
    return Guard(app, hosts((LOCAL, "localhost"), port), {ADD: LARGEST} if adding else {})
