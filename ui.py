"""The chat page: questions on the left, the cited article on the right. Run `python ui.py`."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Gradio reads these when it is imported and later: they could share the page, or call home.
for _name in [name for name in os.environ if name.startswith("GRADIO_")]:
    del os.environ[_name]
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import gradio as gr  # noqa: E402
import uvicorn  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from assistant.opening import holds_sample_only  # noqa: E402
from assistant.question import LIMIT_CHARACTERS  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from page.adding import ROUTE, adding_routes, take_up  # noqa: E402
from page.chat import Conversation, Line, converse, messages, reader_html, welcome_html  # noqa: E402
from page.guard import Guard, hosts  # noqa: E402
from page.sent import LARGEST  # noqa: E402
from page.starting import Entrance, Opening  # noqa: E402

if TYPE_CHECKING:
    from assistant.answering import Assistant
    from index.types import Progress

HOST = "127.0.0.1"
PAGE = Path(__file__).with_name("page")
SCRIPTS = ("streams.js", "reader.js")
EXAMPLES = (
    "When did North Korea cut its communication lines with the South?",
    "How much did it cost to rebuild the liaison office?",
    "Which North Korean cargo ship did the United States seize?",
    "How many launches were there in March 2020?",
    "How much did the Singapore summit cost?",
)
HEADER = (
    "<h1>Dateline</h1><p>Ask your news articles. Every statement points at the exact words it rests on.</p>"
)
EMPTY = '<p class="empty unopened">Open a citation to read its article here, at the words it rests on.</p>'


@dataclass(frozen=True, slots=True)
class Parts:
    """What the page is made of; `conversation` and `line` are each visitor's own."""

    conversation: gr.State
    line: gr.State
    chat: gr.Chatbot
    question: gr.Textbox
    button: gr.Button
    reader: gr.Markdown
    reference: gr.Textbox


def build(assistant: Assistant) -> gr.Blocks:
    """Wire the events of the page; every visitor has a conversation of their own."""

    def welcome() -> str:
        return welcome_html(assistant.index.coverage(), holds_sample_only(assistant.index))

    def ask(event: gr.EventData, typed: str, conversation: Conversation, line: Line) -> Any:  # noqa: ANN401
        example = (event._data or {}).get("value")  # nothing but a click on an example tells any
        if not line.join(example["text"] if example else typed or ""):
            return gr.skip()  # what is shown may be ahead of `conversation`
        return messages(conversation, line.waiting)  # reader.js empties the field

    def answer(conversation: Conversation, line: Line) -> Iterator[tuple[Any, Any]]:
        yield gr.skip(), gr.skip()  # gradio takes yielding nothing for an empty chat
        while line.waiting:
            for current in converse(assistant, line.waiting.popleft(), conversation):
                if line.closed:
                    return
                yield messages(current, line.waiting), current
            conversation = current

    def clear(line: Line) -> tuple[Any, Any, Any, Any]:
        line.closed = True
        return [], Conversation(), Line(), EMPTY

    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_height=True)
    with page:
        parts = _layout(welcome())
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(lambda: gr.Chatbot(placeholder=welcome()), None, parts.chat, **quiet)
        asked = gr.on(
            [parts.question.submit, parts.button.click, parts.chat.example_select],
            ask,
            [parts.question, parts.conversation, parts.line],
            parts.chat,
            trigger_mode="multiple",
            concurrency_limit=1,  # in the order in which they were asked
            **quiet,
        )
        # One for all three, so that no visitor has two answers under way: it answers whoever joins meanwhile.
        shown = [parts.chat, parts.conversation]
        asked.then(answer, [parts.conversation, parts.line], shown, trigger_mode="always_last", **quiet)
        # Not `cancels`: the page would cancel a question that is asked right after.
        parts.chat.clear(clear, parts.line, [*shown, parts.line, parts.reader], **quiet)
        reading: dict[str, Any] = {"trigger_mode": "always_last", "concurrency_limit": 8}
        cited = [parts.conversation, parts.reference]
        parts.reference.change(reader_html, cited, parts.reader, **reading, **quiet)
        page.queue(max_size=20, default_concurrency_limit=4)
    return page


def application(assistant: Assistant, port: int, adding: bool = False) -> Guard:
    """Make the whole page as an ASGI application, with the guard in front of it."""
    page = build(assistant)
    page.state_session_capacity = 500
    beside = adding_routes(assistant.index, assistant.index.home) if adding else []
    app = gr.mount_gradio_app(
        FastAPI(openapi_url=None, routes=[*beside]),
        page,
        path="/",
        server_name=HOST,
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
        css_paths=PAGE / "styles" / "look.css",
        head="".join(
            f"<script>{(PAGE / 'scripts' / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS
        ),
    )
    return Guard(app, hosts((HOST, "localhost"), port), {ROUTE: LARGEST} if adding else {})


def listen(port: int) -> socket.socket:
    """Take the port before anything slow is done, so that early visitors wait; SystemExit if it is taken."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise SystemExit(
            f"port {port} of {HOST} cannot be used ({error}); choose another: "
            f"DATELINE_PORT={port + 1 if port < 65535 else 7860} python ui.py"
        ) from error
    return listener


async def serve(entrance: Entrance, listener: socket.socket) -> None:
    """Serve on a listening socket until it is interrupted, or there will be no page."""
    port = listener.getsockname()[1]
    print(f"Dateline is at http://{HOST}:{port} (Ctrl+C ends it)", file=sys.stderr)  # noqa: T201
    config = uvicorn.Config(entrance, log_level="warning", proxy_headers=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    async def end_without_a_page() -> None:
        await entrance.failed()
        server.should_exit = True

    ending = asyncio.create_task(end_without_a_page())
    await server.serve(sockets=[listener])
    ending.cancel()


def main() -> None:
    """Serve the page, and until the index is opened, or made where there is none yet, how far that is."""
    from assistant.answering import Assistant
    from assistant.progress import progress_bars

    settings = Settings.from_environment()

    def make(tell: Progress) -> Assistant:
        with progress_bars() as show:

            def both(stage: str, done: int, total: int | None) -> None:
                show(stage, done, total)
                tell(stage, done, total)

            assistant = Assistant.open(settings, both)
            if settings.add:
                take_up(assistant.index, settings.home, both)
            return assistant

    with closing(listen(settings.port)) as listener:
        port = listener.getsockname()[1]
        with Opening(make, lambda assistant: application(assistant, port, settings.add)) as opening:
            entrance = Entrance(opening, hosts((HOST, "localhost"), port))
            with suppress(KeyboardInterrupt):
                asyncio.run(serve(entrance, listener))
        if opening.failed.done():
            raise opening.failed.result()


def _layout(welcome: str) -> Parts:
    conversation = gr.State(Conversation(), time_to_live=24 * 3600)
    line = gr.State(Line(), time_to_live=24 * 3600)
    _html(HEADER, "masthead")
    with gr.Row(elem_id="layout"):
        with gr.Column(elem_id="asking", scale=3, min_width=300):
            chat = _chat(welcome)
            question, button = _question()
        reader = _html(EMPTY, "reader")
    reference = gr.Textbox(elem_id="reference", visible="hidden", label="Citation")
    return Parts(conversation, line, chat, question, button, reader, reference)


def _html(html: str, name: str) -> gr.Markdown:
    """Show HTML of our own; gr.HTML would need a page that may run text as script ('unsafe-eval')."""
    return gr.Markdown(html, elem_id=name, sanitize_html=True, latex_delimiters=[], buttons=[])


def _chat(placeholder: str) -> gr.Chatbot:
    return gr.Chatbot(
        elem_id="conversation",
        label="Conversation",
        show_label=False,
        height="100%",
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        buttons=[],
        feedback_options=None,
        layout="panel",
        examples=[{"text": example} for example in EXAMPLES],
        placeholder=placeholder,
        autoscroll=False,  # reader.js shows the question; gradio would show the end
    )


def _question() -> tuple[gr.Textbox, gr.Button]:
    with gr.Row(elem_id="ask"):
        question = gr.Textbox(
            elem_id="question",
            label="Your question",
            show_label=False,
            placeholder="Ask about the articles",
            max_lines=6,
            max_length=10 * LIMIT_CHARACTERS,  # what is too long is refused in words, not cut
            autofocus=True,
            scale=5,
        )
        return question, gr.Button("Ask", variant="primary", scale=1, min_width=80)


if __name__ == "__main__":
    from assistant.cli import main as command_line

    sys.argv[1:] = ["serve"]  # the same page, with the command line's way of telling errors
    command_line()
