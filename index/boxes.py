"""What a page sets around and into its story by its own names for it: forms, shares, cards, notices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Words of the names, classes and ids, that pages give their parts: "post__newsletterForm" is read as
# post-newsletter-form. What has one of the first goes with all that is in it, what has one of the second
# only if it says no sentence. What is_story goes by stays, whatever it is called.
_OF_BOXES = (  # what may follow a word that is in other names too: "subscribe-debate"
    r"(?:(?![a-z0-9-])|(?=-(?:\d|(?:articles?|area|banner|bar|block|box|button|card|carousel|container|content|email"
    r"|footer|for|form|grid|inline|items?|links?|list|message|modal|module|news|now|panel|popup|posts?|prompt|reading"
    r"|reads|row|section|sidebar|slider|stor(?:y|ies)|text|title|today|to|topics|unit|videos?|widget|wrap|wrapper|you)"
    r"(?![a-z]))))"
)
_WHOLE = "|".join(
    (
        rf"newsletters?|sign-?ups?|(?:subscribe|recommended){_OF_BOXES}|subscriptions?|cta|call-to-action|promos?|promotions?|follow-us",
        r"app-(?:download|banner|promo)|disclosures?|disclaimers?|credits?(?!-card)|footer|colophon",
        r"cookies?|consent|gdpr|author-(?:about|bio|box|card|description|info|profile)|about-(?:the-)?author",
        r"related|recirc|recirculation|recommendations|trending|teasers?|read-(?:also|more|next)",
        r"(?:also|latest|more|next|other|popular|prev|previous)-?(?:about|articles?|from|items?|on|posts?|stor(?:y|ies))",
        r"(?:image|photo|picture|media|figure|wp|video)-caption(?:-text)?",
        r"most-(?:popular|read|viewed)|you-(?:may|might)",
    )
)
_BARE = "|".join(
    (
        r"share|shares|sharing|share-?bar|social|addtoany|tags|tag-(?:cloud|links|list)|cat-links|breadcrumbs?",
        r"video-(?:player|embed|wrapper|container|box|title|teaser)",
        r"comments?|disqus|copyright|rights|polls?|feedback|donat(?:e|ion|ions)|bio|popular|up-next",
    )
)
_WHOLLY, _IF_BARE = (re.compile(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])") for words in (_WHOLE, _BARE))
_OF_STORY = re.compile(  # what is to be read more of, or an opinion: the story itself
    r"(?<!\S)(?:[a-z]+-)?(?:comment-(?:piece|article|page)|read-more-(?:article|body|content|piece|text)"
    r"|(?:subscribe|subscriber|subscribers)-(?:only-)?(?:article|body|content|piece|story|text))(?:-[a-z]+)?(?!\S)"
)
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z])(?=[A-Z])")
_JOINTS = re.compile(r"[_:]+|-{2,}")
_LONGEST_NAME = 500  # characters of what an element is called
_MOST_WORDS = 3  # of an id; one of more is made of a heading's words, as is that of a section of the story
_SENTENCE = 80  # characters of text in one piece
_MOST_PROSE = 0.5  # of the words in paragraphs; what holds more of them is the story, whatever it is called
_BLOCKS = ("div", "section", "aside", "header", "footer", "nav", "form", "figure", "details", "table")
_PICTURES = ("img", "picture", "video", "svg", "canvas", "iframe", "amp-img")
_LINES = ("ul", "ol", "li", "p", "a")


def drop_boxes(page: HtmlElement) -> None:
    """Take out of a page what it calls a form, a share bar, a notice or a card of another story.

    What holds the headline or most of the page's paragraphs stays, whatever it is called.
    """
    measures = _Measures(page)
    gone: set[HtmlElement] = set()
    for element in page.iter("*"):
        if element.getparent() in gone or (_is_box(element, measures) and not measures.is_story(element)):
            gone.add(element)
    for element in gone:
        if element.getparent() not in gone:
            element.drop_tree()


class _Measures:
    """What the elements of a page hold: characters in paragraphs, sentences, the headline or the body."""

    def __init__(self, page: HtmlElement) -> None:
        self.page = page
        self.prose: dict[HtmlElement, int] = {}
        self.sentences: set[HtmlElement] = set()
        self.marked: set[HtmlElement] = set()
        for element in reversed(list(page.iter("*"))):  # what is within comes before what is around it
            self._add(element, element.getparent())

    def _add(self, element: HtmlElement, around: HtmlElement | None) -> None:
        if element.tag == "p":
            self.prose[element] = len(element.text_content())
        if element.tag != "script" and len((element.text or "").strip()) >= _SENTENCE:
            self.sentences.add(element)
        if element.tag == "h1" or element.get("itemprop") == "articleBody":
            self.marked.add(element)
        if around is None:
            return
        if around.tag != "p":
            self.prose[around] = self.prose.get(around, 0) + self.prose.get(element, 0)
        if element in self.marked:
            self.marked.add(around)
        linked = element.tag == "a" or element not in self.sentences
        if not linked or len((element.tail or "").strip()) >= _SENTENCE:
            self.sentences.add(around)

    def is_story(self, element: HtmlElement) -> bool:
        """Tell whether an element holds the headline, the body or most of the paragraphs."""
        return element in self.marked or self.prose.get(element, 0) > _MOST_PROSE * self.prose.get(
            self.page, 0
        )


def _is_box(element: HtmlElement, measures: _Measures) -> bool:
    if element.tag == "figcaption":
        return _is_of_picture(element.getparent())
    if element.tag not in _BLOCKS and element.tag not in _LINES and "-" not in element.tag:
        return False
    name = _OF_STORY.sub("", _name(element))
    return bool(_WHOLLY.search(name) or (element not in measures.sentences and _IF_BARE.search(name)))


def _is_of_picture(figure: HtmlElement | None) -> bool:
    """Tell whether a caption is that of a picture or a film, and not of a table or a quotation."""
    return figure is not None and next(figure.iter(*_PICTURES), None) is not None


def _name(element: HtmlElement) -> str:
    """Give what an element is called, in small letters, every word apart by one hyphen."""
    own = _apart(element.get("id", ""))
    return f"{_apart(element.get('class', ''))} {own if own.count('-') < _MOST_WORDS else ''}"


def _apart(name: str) -> str:
    return _JOINTS.sub("-", _CAPITAL_WITHIN.sub("-", name[:_LONGEST_NAME])).lower() if name else ""
