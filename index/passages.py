"""An article cut into sentences, and sentences packed into passages, with exact offsets."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from index.types import Article, Passage

Span = tuple[int, int]

TOKEN_LIMIT = 256  # what all-MiniLM-L6-v2 was trained to read; title and markers included
TITLE_TOKEN_LIMIT = 64  # a headline longer than this is not one, and must not crowd out the body
_MARKERS = 2  # [CLS] and [SEP]

# "U.S.", "D-N.", "Washington, D.C.": an abbreviation in capitals, where a cut is a guess.
_ABBREVIATION = re.compile(r"(?:^|[\s(\-–—“\"])(?:[A-Z]\.)+$")
_TITLE = re.compile(r"(?:^|[\s(“\"])(?:Mrs?|Ms|Dr|Prof|Gen|Col|Lt|Capt|Adm|Sgt|Sen|Rep|Gov|Rev|St|Mt)\.$")
_LONGEST_PART = 3_000  # characters; it takes 13 s over 200,000 with unclosed quotation marks
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[^\W\d_a-z])|[。！？][”’」』）]*")
_WHOLE_WORD = re.compile(r"\bMay\.[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z])")
_FINAL_MARK = re.compile(r"[.!?…:;,。！？：；，][\"'”’»)\]」』）]*$")
_NEXT_LINE = re.compile(r" *\n\s*([^\n]+)")
_LONGEST_HEADING = 80  # characters; a caption is longer
_SPACE = re.compile(r"\s+")
_TAIL = 40  # characters either side of a cut that decide about it
_OPENERS = frozenset(
    "a an and as at but for he her his i if in it its no on she so some that the their then there these "
    "they this those we what when while who with you".split()
)


def sentences(text: str, language: str = "en") -> list[Span]:
    """Find the sentences of a text as (start, end) offsets, in order, without the space between them.

    No sentence crosses a line break. Cuts come from sentencex, mended where it cuts inside
    an abbreviation or before a lower-case word. A language it does not know is read as English.
    """
    from sentencex import get_sentence_boundaries

    found: list[Span] = []
    for match in re.finditer(r"[^\n]+", text):
        line, cuts = match.group(), list[Span]()
        for part_start, part_end in _parts(line):
            for piece in get_sentence_boundaries(language or "en", line[part_start:part_end]):
                start, end = part_start + piece["start_index"], part_start + piece["end_index"]
                stripped = _strip(line, start, end)
                if stripped[0] < stripped[1]:
                    if cuts and _runs_on(line, cuts[-1], stripped):
                        cuts[-1] = (cuts[-1][0], stripped[1])
                    else:
                        cuts.append(stripped)
        found += [(match.start() + start, match.start() + end) for start, end in cuts]
    return found


def passages(article: Article, count_tokens: Callable[[Sequence[str]], list[int]]) -> list[Passage]:
    """Pack an article's sentences into passages of at most `TOKEN_LIMIT` tokens, title included.

    Every sentence lies in exactly one passage; one longer than a passage is cut between words. The
    counter is the bundled tokenizer's, whatever embedding is in use, so passages never depend on it.
    """
    spans = sentences(article.text, article.language)
    *counts, title = count_tokens([*(article.text[start:end] for start, end in spans), article.title])
    room = TOKEN_LIMIT - _MARKERS - min(title, TITLE_TOKEN_LIMIT)
    packed: list[list[Span]] = []
    used = room + 1
    for span, count in zip(spans, counts, strict=True):
        for piece, size in [(span, count)] if count <= room else _cut(article.text, span, room, count_tokens):
            if used + size > room:
                packed.append([])
                used = 0
            packed[-1].append(piece)
            used += size
    return [Passage(article, group[0][0], group[-1][1], tuple(group)) for group in packed]


def is_heading(text: str, sentence: Span) -> bool:
    r"""Tell whether a sentence is a heading: a short line without a final mark, between lines that have one.

    >>> story = "Nobody picked up.\n\nThe lunch that nobody ate\n\nIt was cold."
    >>> [story[slice(*one)] for one in sentences(story) if is_heading(story, one)]
    ['The lunch that nobody ate']
    """
    start, end = sentence
    line, before = text[start:end], text[max(start - _TAIL, 0) : start]
    following = _NEXT_LINE.match(text, end)
    return (
        len(line) <= _LONGEST_HEADING
        and not _FINAL_MARK.search(line)
        and following is not None
        and _FINAL_MARK.search(following[1].rstrip()[-_TAIL:]) is not None
        and (
            start == 0
            or (before.rstrip(" ").endswith("\n") and _FINAL_MARK.search(before.rstrip()) is not None)
        )
    )


def _parts(line: str) -> Iterator[Span]:
    """Cut an overlong line where a sentence ends, else a word, for sentencex's time grows with its square."""
    start = 0
    while len(line) - start > _LONGEST_PART:
        middle, end = start + _LONGEST_PART // 2, start + _LONGEST_PART
        borders = (deque(border.finditer(line, middle, end), 1) for border in (_SENTENCE_END, _SPACE))
        end = next((last[0].end() for last in borders if last), end)
        yield start, end
        start = end
    yield from _apart(line, start)


def _apart(line: str, start: int) -> Iterator[Span]:
    """Cut after "in May.", which sentencex takes for an abbreviation."""
    for end in (found.end() for found in _WHOLE_WORD.finditer(line, start)):
        yield start, end
        start = end
    yield start, len(line)


def _strip(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _runs_on(line: str, before: Span, after: Span) -> bool:
    """Tell whether a cut between two pieces of a line falls inside a sentence."""
    head, tail = line[max(before[0], before[1] - _TAIL) : before[1]], line[after[0] : after[0] + _TAIL]
    if tail[0].islower():
        return "://" not in tail.split()[0] and ".com/" not in tail.split()[0]
    if _TITLE.search(head):
        return True
    word = re.match(r"[\w’']+", tail)
    return bool(_ABBREVIATION.search(head) and word and word.group().lower() not in _OPENERS)


def _cut(
    text: str, span: Span, room: int, count_tokens: Callable[[Sequence[str]], list[int]]
) -> list[tuple[Span, int]]:
    """Cut one overlong sentence between words into pieces of at most `room` tokens each."""
    # A piece without white space may hold one token a character, so it is cut by characters.
    words = [
        (word.start() + at, min(word.start() + at + room, word.end()))
        for word in re.compile(r"\S+").finditer(text, *span)
        for at in range(0, word.end() - word.start(), room)
    ]
    counts = count_tokens([text[start:end] for start, end in words])
    pieces: list[tuple[Span, int]] = []
    for word, size in zip(words, counts, strict=True):
        if pieces and pieces[-1][1] + size <= room:
            (start, _), used = pieces[-1]
            pieces[-1] = ((start, word[1]), used + size)
        else:
            pieces.append((word, size))
    return pieces
