"""Mails (.eml) as articles: newsletters, and articles that someone sent on."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from email.errors import HeaderParseError, MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from index.bylines import person
from index.characters import ExtractError, clean, decode, paragraphs_of, squeeze
from index.credits import read_credit
from index.dates import Dates, parse_date
from index.extract import article_from_html, article_from_text
from index.fields import dated
from index.formats.mailed import forwarded, is_house, without_footer, without_links
from index.lines import blocks, spell_out
from index.outlets import outlet_name
from index.pages import parse_page
from index.types import Article

_MOST_PARTS = 500  # a newsletter has two, and one for each picture
_MOST_HEADERS = 1_000  # some twenty are usual, a hundred where many servers signed it
_LONGEST_HEADER = 2_000  # characters
_FEWEST_WORDS = 40  # a part of fewer only says where the other one can be seen
_PREFIX = re.compile(r"(?:(?:re|fwd?|wg|aw|tr|rv|i|enc|vs|vb)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_AT_OUTLET = re.compile(r"(?P<name>.+?)\s+(?:from|at|with|via|bei|\|)\s+(?P<outlet>.+)")
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_LIST_NAME = re.compile(r"\s*\"?(?P<name>[^<\"]*?)\"?\s*<")
_NO_LIST_NAME = re.compile(r"[\w.-]*|.*\d{4,}.*")


@dataclass(frozen=True, slots=True)
class _Letter:
    """Who sent what and when; `bulk` where it went to everyone on a list, `house` where no person sent it."""

    subject: str = ""
    sender: str = ""
    sent: date | None = None
    bulk: bool = False
    house: bool = False
    list_name: str = ""


def article_from_eml(content: bytes, *, source: str = "") -> Article:
    """Make an article of a mail: its subject is the title, its text or HTML the story.

    The day a newsletter was sent counts as published, and of a mail that is sent on, the day it was sent
    first. Its sender is an outlet if the mail went to a list or the name is one's, else the author.
    Attachments are passed over. Raises ExtractError where no text is left.
    """
    message = _parsed(content)
    first = next((part for part in _parts(message) if part.get_content_type() == "message/rfc822"), None)
    if first is not None and len(_words(message).split()) < _FEWEST_WORDS:
        message = next(part for part in first.walk() if part is not first)
    letter, html = _letter(message), _text(message, "html")
    text = _words(message)
    inner = forwarded(text)
    if inner is not None:
        letter = _Letter(
            _subject(inner.subject) or letter.subject,
            _name(inner.sender),
            parse_date(inner.sent),
            house=_is_house(inner.sender, False),
        )
        text = inner.text
    elif html and not _is_plain(message):
        return _signed(_from_html(html, letter, source), letter)
    paragraphs = without_footer(paragraphs_of(without_links(clean(text))))
    return _signed(article_from_text("\n\n".join(paragraphs), title=letter.subject, source=source), letter)


def _parsed(content: bytes) -> Message:
    try:
        message = email.message_from_bytes(content)
    except (RecursionError, MessageError, ValueError) as error:
        raise ExtractError(f"a damaged mail, or one nested too deep: {type(error).__name__}") from error
    if len(message.keys()) > _MOST_HEADERS:
        raise ExtractError(f"more than {_MOST_HEADERS:,} headers")
    if not any(message[name] for name in ("From", "Subject", "Date")):
        raise ExtractError("not a mail: it says neither who sent it, nor when, nor about what")
    return message


def _parts(message: Message) -> Iterator[Message]:
    """List the parts of a mail, not those of a mail within it."""
    waiting, number = [message], 0
    while waiting:
        part = waiting.pop()
        number += 1
        if number > _MOST_PARTS:
            raise ExtractError(f"more than {_MOST_PARTS} parts")
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inside = part.get_payload()
            waiting += [one for one in reversed(list(inside)) if isinstance(one, Message)]
        else:
            yield part


def _text(message: Message, kind: str) -> str:
    """Read the parts of one kind that are to be seen: "plain" or "html"; the longest of those in HTML."""
    found: list[str] = []
    for part in _parts(message):
        if part.get_content_type() != f"text/{kind}" or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            text = decode(payload, part.get_content_charset("") or "")
            found.append(_unflowed(text) if part.get_param("format") == "flowed" else text)
    return "\n\n".join(found) if kind == "plain" else max(found, key=len, default="")


def _is_plain(message: Message) -> bool:
    """Tell whether the plain text is the story, and not a line on where to see it."""
    return len(_text(message, "plain").split()) >= _FEWEST_WORDS or not _text(message, "html")


def _words(message: Message) -> str:
    """Read a mail as lines of plain text, those of its HTML where it has no other."""
    if _is_plain(message):
        return _text(message, "plain").replace("\r\n", "\n")
    page = parse_page(_text(message, "html"))
    spell_out(page)
    return "\n".join(blocks(page))


def _unflowed(text: str) -> str:
    """Join the lines that a program broke only to send them: a space at the end says so (RFC 3676)."""
    return re.sub(r"(?<!\n--) \r?\n(?=[^\r\n>])", " ", text)


def _from_html(html: str, letter: _Letter, source: str) -> Article:
    """Make the article of a mail's HTML; where it is too short for a page, of all its lines."""
    try:
        page = article_from_html(html, source=source)
        paragraphs = without_footer(page.text.split("\n\n"))
    except ExtractError:
        page = None
        parsed = parse_page(html)
        paragraphs = without_footer(blocks(parsed))
    article = article_from_text("\n\n".join(paragraphs), title=letter.subject, source=source)
    if page is None:
        return article
    found = dated(article, Dates(page.published, page.modified, page.date_source))
    return replace(
        found, outlet=page.outlet or article.outlet, byline=page.byline or article.byline, url=page.url
    )


def _signed(article: Article, letter: _Letter) -> Article:
    """Add what the head of the mail says; of a newsletter its day is surer than one in the text."""
    sent = Dates(letter.sent, None, "field")
    known = Dates(article.published, article.modified, article.date_source)
    outlet, byline = _from(letter)
    return replace(
        dated(article, sent if letter.bulk else known | sent),
        outlet=article.outlet or outlet,
        byline=article.byline or byline,
    )


def _from(letter: _Letter) -> tuple[str, str]:
    """Tell outlet and author apart in a sender's name, as "Jane Doe at The Harbour Post"."""
    credit = read_credit(letter.sender)
    if credit is not None and credit.outlet:
        return outlet_name(credit.outlet), ""
    parts = _AT_OUTLET.fullmatch(letter.sender)
    if parts and person(parts["name"]):
        return outlet_name(parts["outlet"]), person(parts["name"])
    if letter.house:
        return outlet_name(letter.sender), ""
    if letter.list_name and letter.list_name != letter.sender:
        return outlet_name(letter.list_name), person(letter.sender)
    return (outlet_name(letter.sender), "") if letter.bulk else ("", person(letter.sender))


def _letter(message: Message) -> _Letter:
    """Read the head of a mail; what cannot be read of it is left out."""
    named = _LIST_NAME.match(_header(message, "List-Id"))
    list_name = squeeze(named["name"]) if named else ""
    sender = _header(message, "From")
    bulk = any(message[name] for name in ("List-Id", "List-Unsubscribe", "List-Post"))
    return _Letter(
        subject=_subject(_header(message, "Subject")),
        sender=_name(sender),
        sent=parse_date(_REMARK.sub("", _header(message, "Date"))),
        bulk=bulk or _header(message, "Precedence").lower() in {"bulk", "list"},
        house=_is_house(sender, bulk),
        list_name="" if _NO_LIST_NAME.fullmatch(list_name) else list_name,
    )


def _is_house(sender: str, bulk: bool) -> bool:
    return is_house(_name(sender), sender.rpartition("<")[2].rstrip("> "), bulk)


def _header(message: Message, name: str) -> str:
    raw = str(message[name] or "")[:_LONGEST_HEADER]
    try:
        return squeeze(clean(str(make_header(decode_header(raw)))))
    except (HeaderParseError, LookupError, ValueError):
        return squeeze(clean(raw))


def _subject(text: str) -> str:
    return _PREFIX.sub("", text, count=1)


def _name(sender: str) -> str:
    """Take the name out of a sender, "" where only an address is given."""
    try:
        name, address = parseaddr(sender.replace("[mailto:", "<").replace("]", ">"))
    except RecursionError:  # of remarks within remarks
        return ""
    return "" if name == address else name.strip("\"' ")
