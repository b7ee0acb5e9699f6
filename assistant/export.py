"""Answers and conversations as Markdown and as one HTML page, an answer as text for a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from importlib.resources import files

from assistant.in_words import asked, counted, dateline, published_in_words, written_by
from assistant.markup import TURNING, Mark, cited, escape, parts, text_html
from assistant.types import Answer, Citation, Lost, Source, Turn
from index.types import Article, web_address

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$@!^]|&(?=#?\w))")
_NAME_CHARACTERS = 200  # of a first question that a conversation is called by, as the page cuts it
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def to_markdown(answer: Answer) -> str:
    """Render the answer, its sources and every quote as Markdown in which none of their words has effect."""
    return _joined([f"# {_line(answer.question)}", *_markdown_blocks(answer, "##")])


def conversation_to_markdown(turns: Sequence[Turn | Lost], name: str = "") -> str:
    """Render a conversation as Markdown: every question as it was typed, and its answer as `to_markdown`."""
    blocks = [f"# {_line(_heading(turns, name))}"]
    for turn in turns:
        blocks.append(f"## {_line(turn.question)}")
        if isinstance(turn, Lost):
            blocks.append(f"**Note:** {_line(_lost(turn))}")
        else:
            blocks += [_line(_searched(turn)), *_markdown_blocks(turn.answer, "###")]
    return _joined(blocks)


def to_text(answer: Answer) -> str:
    """Render the answer for a terminal: its text, its sources, and the nearest articles where it abstains."""
    lines = [_visible_line(asked(answer)), visible(answer.text), ""]
    for source in answer.sources:
        where = web_address(source.article.url) or source.article.document
        lines += [f"[{source.number}] {_text_label(source.article)}", f"    {_visible_line(where)}"]
        lines.append(f"    {published_in_words(source.article)}")
    if answer.nearest:
        lines.append("The nearest articles:")
    lines += [f"  - {_text_label(article)}" for article in answer.nearest]
    notes = [note for note in (written_by(answer), *answer.warnings) if note]
    return "\n".join([*lines, *(f"Note: {_visible_line(note)}" for note in notes)]).strip()


def to_html(answer: Answer) -> str:
    """Render the answer as one page that needs nothing else; a mark leads to the quote it rests on."""
    heading = f'<h1 dir="auto">{escape(answer.question)}</h1>'
    return _page(answer.question, [heading, *_html_sections(answer, "h2", "")])


def conversation_to_html(turns: Sequence[Turn | Lost], name: str = "") -> str:
    """Render a conversation as one page; the marks of each answer lead to its own quotes."""
    sections = [f'<h1 dir="auto">{escape(_heading(turns, name))}</h1>']
    for number, turn in enumerate(turns, 1):
        sections.append(f'<h2 dir="auto" class="turn">{escape(turn.question)}</h2>')
        if isinstance(turn, Lost):
            sections.append(_paragraph("warning", _lost(turn)))
        else:
            sections.append(_paragraph("scope", _searched(turn)))
            sections += _html_sections(turn.answer, "h3", f"turn-{number}-")
    return _page(name.strip() or (turns[0].question if turns else ""), sections)


def _heading(turns: Sequence[Turn | Lost], name: str) -> str:
    """Give the name, or how many questions there are where it is none but the first of them."""
    called, first = " ".join(name.split()), " ".join(turns[0].question.split()) if turns else ""
    return counted(len(turns), "question") if called in ("", first[:_NAME_CHARACTERS].strip()) else called


def _joined(blocks: Sequence[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _lost(turn: Lost) -> str:
    return f"The answer to this question could not be brought back. {turn.reason}"


def _searched(turn: Turn) -> str:
    """Say what was searched where a question leaned on earlier ones."""
    question = turn.answer.question
    return "" if question.split() == turn.question.split() else f"Searched: {question}"


def _markdown_blocks(answer: Answer, heading: str) -> list[str]:
    return [
        _line(asked(answer)),
        _markdown_text(answer),
        *(f"**Note:** {_line(note)}" for note in (written_by(answer), *answer.warnings) if note),
        f"{heading} Sources" if answer.sources else "",
        *(_markdown_source(answer, source) for source in answer.sources),
        f"{heading} The nearest articles" if answer.nearest else "",
        "\n".join(f"- {_markdown_label(article)}" for article in answer.nearest),
    ]


def _html_sections(answer: Answer, heading: str, turn: str) -> list[str]:
    """Write what stands under a question; `turn` begins its names, so that no other turn's are the same."""
    sources = "".join(_html_source(answer, source, turn) for source in answer.sources)
    return [
        _paragraph("scope", asked(answer)),
        text_html(answer, lambda mark: _target(answer, mark, turn)),
        _paragraph("written", written_by(answer)),
        *(_paragraph("warning", warning) for warning in answer.warnings),
        _section(heading, "Sources", sources),
        _section(
            heading, "The nearest articles", "".join(f"<li>{_html_label(a)}</li>" for a in answer.nearest)
        ),
    ]


def _page(title: str, sections: Sequence[str]) -> str:
    style = files("assistant").joinpath("export.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{style}</style></head>\n<body><main>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main></body></html>\n"
    )


def _signs(text: str) -> str:
    """Take the effect from every sign that Markdown, HTML or a bare address is made of."""
    return _ACTIVE.sub(r"\\\1", text.translate(TURNING)).replace("://", ":\\//").replace("www.", "www\\.")


def _start(line: str) -> str:
    """Keep an escaped line from beginning a list, an underline or a rule."""
    return re.sub(r"^(\d*)([-+=.)])", r"\1\\\2", " ".join(line.split()))


def visible(text: str) -> str:
    """Drop what would steer a terminal: control characters, those that end a line excepted."""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _visible_line(text: str) -> str:
    return " ".join(visible(text).split())


def _text_label(article: Article) -> str:
    """Name an article in one line: who, when, its title, or what it is called where it has none."""
    name = article.title or ("" if article.outlet else article.label)
    return _visible_line(dateline(article)) + (f": {_visible_line(name)}" if name else "")


def _line(text: str) -> str:
    return _start(_signs(" ".join(text.split())))


def _markdown_text(answer: Answer) -> str:
    """Write the answer's text with its marks; what follows a mark may not make a link of it."""
    written = ""
    for part in parts(answer):
        if isinstance(part, Mark):
            written += f"[{part.number}]"
        else:
            words = _signs(part)
            written += f"\\{words}" if written.endswith("]") and words[:1] in (":", "(") else words
    return "\n\n".join(_start(line) for line in written.split("\n") if line.strip())


def _markdown_label(article: Article) -> str:
    title, address = _line(article.title or article.label), web_address(article.url)
    linked = f"[{title}](<{address}>)" if address else title
    return f"{_line(dateline(article))}: {linked}"


def _markdown_source(answer: Answer, source: Source) -> str:
    lines = [f"{source.number}. {_markdown_label(source.article)}"]
    lines.append(f"   {_line(published_in_words(source.article))}")
    lines += [f"   > “{_line(citation.quote)}”" for citation in cited(answer, source.article)]
    lines += [f"   Also as {_markdown_label(copy)}" for copy in source.copies]
    return "\n\n".join(lines)


def _paragraph(kind: str, words: str) -> str:
    return f'<p class="{kind}" dir="auto">{escape(words)}</p>' if words else ""


def _section(heading: str, title: str, items: str) -> str:
    return f"<{heading}>{title}</{heading}>\n<ul>{items}</ul>" if items else ""


def _name(turn: str, number: int, citation: Citation) -> str:
    return f"{turn}source-{number}-{citation.start}-{citation.end}"


def _target(answer: Answer, mark: Mark, turn: str) -> str:
    if mark.claim is None:
        return f"#{turn}source-{mark.number}"
    citations = answer.claims[mark.claim].citations
    return "#" + next(_name(turn, mark.number, c) for c in citations if answer.number(c) == mark.number)


def _html_label(article: Article) -> str:
    title, address = escape(article.title or article.label), web_address(article.url)
    linked = f'<a href="{escape(address)}" rel="noopener noreferrer">{title}</a>' if address else title
    return f"<bdi>{escape(dateline(article))}</bdi>: <bdi>{linked}</bdi>"


def _html_source(answer: Answer, source: Source, turn: str) -> str:
    quotes = "".join(
        f'<blockquote id="{_name(turn, source.number, citation)}" dir="auto">'
        f"{escape(citation.quote)}</blockquote>"
        for citation in cited(answer, source.article)
    )
    copies = "".join(f"<p>Also as {_html_label(copy)}</p>" for copy in source.copies)
    label = f"&#91;{source.number}&#93; {_html_label(source.article)}"
    when = _paragraph("date", published_in_words(source.article))
    return f'<li id="{turn}source-{source.number}">{label}{when}{quotes}{copies}</li>'
