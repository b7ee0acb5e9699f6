from __future__ import annotations

import pytest

from index.boxes import drop_boxes
from index.extract import article_from_html, article_from_text
from index.notices import is_notice, without_authors_note
from index.pages import parse_page
from index.residue import is_furniture

STORY = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "The old bridge over the harbour was closed on Friday, after a diver found a crack in its pier.",
        "Nobody knows for how long it will stay closed, the harbour master told a meeting of shopkeepers.",
        "Nine hundred people who crossed it every morning will have to take the ferry until then.",
        "A ferry ticket costs three crowns, which the town council wants to pay from Monday on.",
    )
)
OTHER = "The lighthouse keeper has been painting seals for forty years, and now shows them in the town hall."


def page(body: str, head: str = "") -> str:
    return (
        f"<html lang='en'><head><title>Old bridge closed</title>{head}</head>"
        f"<body><article><h1>Old bridge closed</h1>{body}</article></body></html>"
    )


@pytest.mark.parametrize(
    "name",
    [
        *(
            "class='newsletter-form'",
            "class='inline__newsletterForm wide'",
            "id='sign-up'",
            "class='letters-cta'",
        ),
        *(
            "class='nextstory'",
            "class='more-about__card'",
            "class='RelatedPosts'",
            "class='article__disclosure'",
            "class='subscribe'",
            "class='subscribe-form wide'",
            "class='recommended'",
            "class='recommended-for-you'",
            "class='read-more'",
        ),
        *("class='author-bio'", "class='photo-credit'", "class='site-footer'", "id='cookie-notice'"),
    ],
)
def test_what_a_page_calls_a_box_is_not_in_the_story(name: str) -> None:
    text = article_from_html(page(f"{STORY}<div {name}><p>{OTHER}</p></div>{STORY}")).text
    assert "lighthouse" not in text
    assert text.count("A ferry ticket costs") >= 1


@pytest.mark.parametrize(
    "name",
    [
        *("class='share-of-voice'", "class='social'", "class='comment'", "class='tags'"),  # sentences in it
        *(
            "id='related-work-of-the-keeper'",
            "class='credit-card-rules'",
            "class='promontory'",
            "class='cards'",
            "class='comment-piece-body'",
            "class='read-more-content'",
            "class='subscriber-content'",
            "class='subscribe-debate'",
            "id='recommended-dose'",
        ),
    ],
)
def test_a_sentence_stays_where_the_name_may_mean_something_else(name: str) -> None:
    tree = parse_page(page(f"{STORY}<div {name}><p>{OTHER}</p></div>{STORY}"))
    drop_boxes(tree)
    assert "lighthouse" in tree.text_content()


@pytest.mark.parametrize("name", ["newsletter", "related", "footer", "teaser", "share"])
def test_what_holds_the_story_stays_whatever_it_is_called(name: str) -> None:
    for wrapped in (
        f"<div class='{name}'>{STORY}</div>",
        f"<div class='{name}'><h1>Old bridge</h1></div>{STORY}",
    ):
        tree = parse_page(page(wrapped))
        drop_boxes(tree)
        assert "A ferry ticket costs" in tree.text_content()
        assert "Old bridge" in tree.text_content()


def test_links_to_share_and_tags_go_and_a_paragraph_after_them_stays() -> None:
    bar = (
        "<ul class='share-bar'><li><a href='/f'>Facebook</a></li></ul><div class='tags'><a>bridges</a></div>"
    )
    tree = parse_page(page(f"{bar}tail of it {STORY}"))
    drop_boxes(tree)
    text = tree.text_content()
    assert "Facebook" not in text
    assert "bridges" not in text
    assert "tail of it" in text


def test_a_standfirst_that_was_lost_is_put_where_it_stands() -> None:
    said = "A crack in the third pier shuts the old bridge for weeks"
    head = f'<meta property="og:description" content="{said}">'
    body = f"<header class='head'><h2 class='sub'>{said}.</h2></header><div class='entry'>{STORY}</div>"
    article = article_from_html(page(body, head))
    assert article.text.startswith(f"{said}.\n\nThe old bridge over the harbour")
    assert article.text.count("third pier") == 1
    unseen = article_from_html(page(f"<div class='entry'>{STORY}</div>", head))
    assert "third pier" not in unseen.text
    below = article_from_html(page(f"<div class='entry'>{STORY}</div><footer><p>{said}.</p></footer>", head))
    assert "third pier" not in below.text


SHUT = "The council voted on Tuesday to close the old bridge for the winter."
FERRY = "A ferry will carry those who work on the other bank."


@pytest.mark.parametrize("around", ["<article>{}</article>", "<div>{}</div>", "<main>{}</main>", "{}"])
def test_headings_of_a_short_story_stay_above_its_paragraphs(around: str) -> None:
    body = f"<h1>Bridge shut</h1><h2>The vote</h2><p>{SHUT}</p><h3>The ferry</h3><p>{FERRY}</p>"
    html = f"<html lang='en'><head><title>Bridge shut</title></head><body>{around.format(body)}</body></html>"
    assert article_from_html(html).text.split("\n\n") == ["The vote", SHUT, "The ferry", FERRY]


def test_the_table_that_sets_a_short_page_is_not_seen() -> None:
    cell = f"<h2>Bridge shut</h2><p>{SHUT}</p><h2>Ferry fares</h2><p>{FERRY}</p>"
    body = f"<table><tr><td>{cell}</td></tr></table>"
    html = f"<html lang='en'><head><title>Two things</title></head><body>{body}</body></html>"
    assert article_from_html(html).text.split("\n\n") == ["Bridge shut", SHUT, "Ferry fares", FERRY]


@pytest.mark.parametrize("story", [f"<p>{SHUT}</p><p>{FERRY}</p>", STORY])
def test_captions_of_pictures_and_films_are_not_in_a_story_short_or_long(story: str) -> None:
    caption = "<figcaption>The harbour at dusk. Photograph: Ida Kemp/Tidewater</figcaption>"
    film = "<div class='video-player'><p>Video: Watch the mayor speak in full</p></div>"
    text = article_from_html(page(f"<figure><img src='dusk.jpg'>{caption}</figure>{story}{film}{story}")).text
    assert "dusk" not in text
    assert "mayor" not in text
    assert "ferry" in text


def test_what_stands_under_a_quotation_stays() -> None:
    figure = (
        f"<figure><blockquote>{OTHER}</blockquote><figcaption>The keeper of the light</figcaption></figure>"
    )
    tree = parse_page(page(f"{STORY}{figure}{STORY}"))
    drop_boxes(tree)
    assert "The keeper of the light" in tree.text_content()


NOTICES = [
    "Subscribe now to our e-edition for the full story.",
    "To read the whole story, please subscribe to The Quayside Post.",
    "If you see this although you are already a subscriber, log in.",
    "Already a member? Log in",
    "First-time subscribers also receive a mug by a local potter for free.",
    "Never miss the latest news from the harbour!",
    "Simply enter your email below and we will write every day.",
    "You can unsubscribe at any time.",
    "Would you like to be informed of our meetings? Sign up here",
    "Follow The Quayside Post on Facebook and Instagram @quayside.",
    "Follow Ines Valdrake on X @valdrake.",
    "For the latest news and headlines download the Quayside app for Android.",
    "Submit your letter to the editor via this form.",
    "We want to hear what you think.",
    "Have a tip? Write to us.",
    "This article is the copyrighted property of the Quayside Post.",
    "Written permission must be obtained before reprint.",
    "© 2021 The Quayside Post, a house of the Harbour Group. No copies without leave.",
    "This post contains references to products from our advertisers.",
    "If you buy something through a link, we may earn a commission.",
    "View 12 comments",
    "Copyright 2021 The Quayside Post. All rights reserved.",
    "Filed under: bridges, harbours",
    "Read the full story here.",
    "Аdvеrtіѕе wіth uѕ: оur раgеѕ rеасh thоuѕаndѕ",
]


@pytest.mark.parametrize("line", NOTICES)
def test_what_a_page_says_of_itself_is_no_story(line: str) -> None:
    assert is_notice(line)
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        *("© The Quayside Post", "(c) 2021 Quayside", "Copyright © Quayside Post", "Copyright by the Post"),
        *("Copyright The Quayside Post and Harbour Group Ltd. All rights reserved.", "All rights reserved."),
        *("Copyright", "READ MORE: Nine ferries that sank in the harbour before anybody had counted them."),
        *(
            "Read more: Nine ferries that sank",
            "Related: Seal found in the harbour.",
            "Also read: A seal dives",
        ),
    ],
)
def test_rights_and_pointers_go(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "Subscribe to that view and you will lose the election, she said.",
        "To read the story of the bridge is to read that of the town.",
        "Follow the money, the prosecutor told the jury on Monday.",
        "Like many others, he learned of it on Monday from a neighbour.",
        "Get the vote out, the party told its members.",
        "Comments by the mayor angered the union.",
        "Shares of the ferry company rose by a third.",
        "Download speeds in the harbour are the lowest in the country.",
        "The article was copied by three papers.",
        "This report found that the bridge had not been painted since 1953.",
        "We may receive no help before Monday, the harbour master said.",
        "Support for the bridge has fallen to a third of the voters.",
        "Labels: that is what he fought all his life.",
        "Send the army, the minister urged.",
        "Copyright law will change the way that music is sold, the minister said on Monday.",
        "Copyright lawyers in the harbour have had nothing to do for a year, one of them told the council.",
        "Copyright Law Changes",
        "(c) the ferry company pays for what is left of the pier.",
        "The photograph was taken by a seal, and copyright belongs to nobody.",
        "This work is protected by copyright, the court ruled on Friday.",
        "Read more: that is what she told the pupils of the harbour school on Monday.",
        "Related: the two brothers, who own the ferry, are cousins of the harbour master.",
        "Register of ships: none of them was seaworthy.",
        "The Сyrillic letter was the forger's one mistake.",
        "“Subscribe to our newsletter,” the actor said on stage, and nobody laughed.",
    ],
)
def test_a_sentence_that_begins_like_a_notice_stays(sentence: str) -> None:
    assert not is_notice(sentence)
    text = article_from_text(f"The bridge was closed.\n\n{sentence}\n\nIt will stay closed.").text
    assert sentence in text.split("\n\n")


def test_a_note_on_the_author_goes_from_the_end_of_a_page_only() -> None:
    note = "Tom Harrowgate is a reporter for the Quayside Post. Reach him at tom@quayside.example."
    told = "Ines Valdrake is a professor of bridges in Ostermouth."
    lines = ["It was closed.", told, "It fell.", "It rose.", "It stands."]
    assert without_authors_note([*lines, note], "") == lines
    assert without_authors_note(lines, "Ines Valdrake") == lines
    assert without_authors_note([*lines, told], "Ines Valdrake") == lines
    assert without_authors_note([*lines, told], "") == [*lines, told]
    assert without_authors_note([note], "Tom Harrowgate") == [note]
