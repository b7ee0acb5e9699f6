"""An answer as Markdown, as one HTML page and as text for a terminal, with what it takes to check it."""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

from assistant.in_words import asked, dateline, published_in_words, written_by
from assistant.markup import Mark, cited, escape, parts, text_html
from assistant.types import Answer, Citation, Source
from index.types import Article, web_address

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~$@!^]|&(?=#?\w))")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def to_markdown(answer: Answer) -> str:
    """Render the answer, its sources and every quote as Markdown in which none of their words has effect."""
    blocks = [
        f"# {_line(answer.question)}",
        _line(asked(answer)),
        _markdown_text(answer),
        *(f"**Note:** {_line(note)}" for note in (written_by(answer), *answer.warnings) if note),
        "## Sources" if answer.sources else "",
        *(_markdown_source(answer, source) for source in answer.sources),
        "## The nearest articles" if answer.nearest else "",
        "\n".join(f"- {_markdown_label(article)}" for article in answer.nearest),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def to_text(answer: Answer) -> str:
    """Render the answer for a terminal: its text, its sources, and the nearest articles where it abstains."""
    lines = [_visible_line(asked(answer)), visible(answer.text), ""]
    for source in answer.sources:
        where = web_address(source.article.url) or source.article.source
        lines += [f"[{source.number}] {_text_label(source.article)}", f"    {_visible_line(where)}"]
        lines.append(f"    {published_in_words(source.article)}")
    if answer.nearest:
        lines.append("The nearest articles:")
    lines += [f"  - {_text_label(article)}" for article in answer.nearest]
    notes = [note for note in (written_by(answer), *answer.warnings) if note]
    return "\n".join([*lines, *(f"Note: {_visible_line(note)}" for note in notes)]).strip()


def to_html(answer: Answer) -> str:
    """Render the answer as one page that needs nothing else; a mark leads to the quote it rests on."""
    sections = [
        f'<h1 dir="auto">{escape(answer.question)}</h1>',
        _paragraph("scope", asked(answer)),
        text_html(answer, lambda mark: _target(answer, mark)),
        _paragraph("written", written_by(answer)),
        *(_paragraph("warning", warning) for warning in answer.warnings),
        _section("Sources", "".join(_html_source(answer, source) for source in answer.sources)),
        _section("The nearest articles", "".join(f"<li>{_html_label(a)}</li>" for a in answer.nearest)),
    ]
    style = files("assistant").joinpath("export.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(answer.question)}</title>\n<style>\n{style}</style></head>\n<body><main>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main></body></html>\n"
    )


def _signs(text: str) -> str:
    """Take the effect from every sign that Markdown, HTML or a bare address is made of."""
    return _ACTIVE.sub(r"\\\1", text).replace("://", ":\\//").replace("www.", "www\\.")


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


def _section(title: str, items: str) -> str:
    return f"<h2>{title}</h2>\n<ul>{items}</ul>" if items else ""


def _name(number: int, citation: Citation) -> str:
    return f"source-{number}-{citation.start}-{citation.end}"


def _target(answer: Answer, mark: Mark) -> str:
    if mark.claim is None:
        return f"#source-{mark.number}"
    citations = answer.claims[mark.claim].citations
    return "#" + next(_name(mark.number, c) for c in citations if answer.number(c) == mark.number)


def _html_label(article: Article) -> str:
    title, address = escape(article.title or article.label), web_address(article.url)
    linked = f'<a href="{escape(address)}" rel="noopener noreferrer">{title}</a>' if address else title
    return f"<bdi>{escape(dateline(article))}</bdi>: <bdi>{linked}</bdi>"


def _html_source(answer: Answer, source: Source) -> str:
    quotes = "".join(
        f'<blockquote id="{_name(source.number, citation)}" dir="auto">{escape(citation.quote)}</blockquote>'
        for citation in cited(answer, source.article)
    )
    copies = "".join(f"<p>Also as {_html_label(copy)}</p>" for copy in source.copies)
    label = f"&#91;{source.number}&#93; {_html_label(source.article)}"
    when = _paragraph("date", published_in_words(source.article))
    return f'<li id="source-{source.number}">{label}{when}{quotes}{copies}</li>'
