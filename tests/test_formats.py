from __future__ import annotations

import email.policy
import io
from datetime import date, datetime, timezone
from email.message import EmailMessage

import pytest
from hostile_files import hostile_files, listed
from made_documents import column, docx_of, epub_with, pdf_of, pdf_with

from index.characters import ExtractError
from index.formats.docx import article_from_docx
from index.formats.eml import article_from_eml
from index.formats.epub import articles_from_epub
from index.formats.pdf import article_from_pdf
from index.types import Article

FIRST = [
    "The president of the harbour board said on Friday that the ferry",
    "between the two towns will stop at the end of the month, because a",
    "bridge was opened.",
]
SECOND = [
    "Nobody on the quay had been asked, said Ada Moreno, who has sailed",
    "on the boats for thirty years.",
]
STORY = " ".join(FIRST)
HOSTILE = hostile_files()


def saved(*pages: list[str], **info: str) -> Article:
    return article_from_pdf(pdf_with([column(page) for page in pages], info))


def letter(text: str = "", html: str = "", **headers: str) -> bytes:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = "Ada Moreno <ada@post.example>"
    message["Subject"] = "The last ferry"
    message["Date"] = "Fri, 12 Jun 2020 08:00:00 +0200"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    if text:
        message.set_content(text)
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    return bytes(message)


def paragraph(text: str, style: str = "", run: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r>{run}<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def read_book(content: bytes) -> list[tuple[str, Article]]:
    return list(articles_from_epub(content))


def test_lines_of_a_pdf_are_joined_to_paragraphs() -> None:
    lines = [*column(FIRST), *column(SECOND, y=700 - 12 * 3 - 8)]
    assert article_from_pdf(pdf_with([lines])).text.split("\n\n") == [STORY, " ".join(SECOND)]


def test_a_first_line_that_stands_in_begins_a_paragraph() -> None:
    lines = [*column(FIRST), *column(SECOND[:1], x=84, y=664), *column(SECOND[1:], y=652)]
    assert article_from_pdf(pdf_with([lines])).text.split("\n\n") == [STORY, " ".join(SECOND)]


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        (
            "Yesterday the harbour board told the presi-",
            "dent that it would not pay for the repairs.",
            "the president",
        ),
        (
            "South Korea counted four launches of short-",
            "range missiles from the coast in a month.",
            "short-range",
        ),
        (
            "He said that the talks were led by Anne-",
            "Marie Dupont, who had come from the town.",
            "Anne-Marie",
        ),
        (
            "All the crews of Tarnquayle knew the Tarn-",
            "quayle lights by heart, as the pilots do.",
            "the Tarnquayle",
        ),
    ],
)
def test_a_word_parted_at_a_line_end_is_joined_where_that_is_safe(one: str, other: str, whole: str) -> None:
    assert whole in saved([one, other]).text


def test_heads_feet_and_page_numbers_are_left_out() -> None:
    pages = [
        [(9, 72, 810, "The Harbour Post on Friday"), *column([*FIRST, *SECOND]), (9, 290, 30, str(number))]
        for number in (4, 5, 6)
    ]
    text = article_from_pdf(pdf_with(pages)).text
    assert text.count(STORY) == 3
    assert "Post on Friday" not in text
    assert not {"4", "5", "6"} & set(text.split())


def test_a_sentence_goes_on_in_the_next_column() -> None:
    lines = [*column(FIRST[:2]), *column(FIRST[2:], x=330)]
    assert article_from_pdf(pdf_with([lines])).text == STORY


def test_a_large_line_is_the_headline_and_labels_above_it_are_left_out() -> None:
    lines = [(10, 72, 760, "Coast and country"), (24, 72, 730, "Ferry stops for good"), *column(FIRST)]
    article = article_from_pdf(pdf_with([lines]))
    assert (article.title, article.text) == ("Ferry stops for good", STORY)


def test_lines_on_author_and_date_in_a_pdf_are_read() -> None:
    lines = [
        (24, 72, 740, "Ferry stops for good"),
        (10, 72, 720, "The Harbour Post | By Ada Moreno | 12 June 2020"),
    ]
    article = article_from_pdf(pdf_with([[*lines, *column(FIRST)]]))
    assert (article.outlet, article.byline, article.published) == (
        "The Harbour Post",
        "Ada Moreno",
        date(2020, 6, 12),
    )
    assert article.date_source == "text"


@pytest.mark.parametrize("pages", [1, 2])
def test_the_head_of_a_page_names_paper_and_day(pages: int) -> None:
    heads = [f"The Dunmarsh Observer · Saturday, 14 June 2025 · Page {number}" for number in (3, 4)]
    drawn = [[(8, 72, 770, head), *column(lines)] for head, lines in zip(heads, (FIRST, SECOND), strict=True)]
    article = article_from_pdf(pdf_with(drawn[:pages]))
    assert (article.outlet, article.published) == ("The Dunmarsh Observer", date(2025, 6, 14))
    assert "Observer" not in article.text


def test_the_day_a_pdf_was_made_is_not_one_of_publication() -> None:
    article = saved(FIRST, CreationDate="D:20200612080000Z", ModDate="D:20200612080000Z", Author="Ada Moreno")
    assert (article.published, article.modified, article.byline) == (None, None, "Ada Moreno")


@pytest.mark.parametrize("author", ["jdoe7", "Administrator", "The Harbour Post", ""])
def test_an_account_or_an_outlet_is_no_author_of_a_pdf(author: str) -> None:
    assert saved(FIRST, Author=author).byline == ""


def test_a_page_that_a_browser_printed_keeps_its_address_and_outlet() -> None:
    lines = [
        (8, 30, 825, "6/13/20, 9:15 AM Ferry stops for good | The Harbour Post"),
        (10, 72, 760, "We store cookies to measure who reads us. You can refuse them."),
        (20, 72, 735, "Ferry stops for good"),
        *column(FIRST),
        (8, 30, 20, "https://post.example/ferry-stops 1/1"),
    ]
    article = article_from_pdf(pdf_with([lines], {"Title": "Ferry stops for good | The Harbour Post"}))
    assert (article.title, article.outlet) == ("Ferry stops for good", "The Harbour Post")
    assert (article.url, article.text) == ("https://post.example/ferry-stops", STORY)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("encrypted.pdf", "encrypted: it needs a password"),
        ("pictures-only.pdf", "only pictures of text in it; it needs text recognition first"),
        ("cut.pdf", "a damaged PDF file"),
        ("no-pages.pdf", "no text in it"),
        ("many-pages.pdf", "3,000 pages; at most 200 are read"),
        ("old.docx", "an old Word document, or one with a password"),
        ("no-text.docx", "no text in it"),
        ("bomb.docx", "unpacks to more than 50,000,000 bytes"),
        ("encrypted.epub", "encrypted"),
        ("many-bombs.docx", "unpacks to more than 50,000,000 bytes"),
        ("no-package.epub", "OEBPS/content.opf is not in it"),
        ("locked-member.epub", "encrypted"),
        ("words.eml", "not a mail"),
        ("headers.eml", "more than 1,000 headers"),
        ("attachment-only.eml", "no text in it"),
    ],
)
def test_a_file_that_gives_nothing_says_why(name: str, reason: str) -> None:
    with pytest.raises(ExtractError) as refused:
        read(name)
    assert reason in str(refused.value)


@pytest.mark.parametrize("name", listed(HOSTILE, ".pdf", ".docx", ".epub", ".eml"))
def test_a_hostile_file_gives_a_reason_or_an_article(name: str) -> None:
    made: list[Article] = []
    reason = ""
    try:
        made = read(name)
    except ExtractError as error:
        reason = str(error)
    assert bool(reason) != bool(made)
    assert all(article.text for article in made)


def read(name: str) -> list[Article]:
    content, kind = HOSTILE[name](), name.rpartition(".")[2]
    if kind == "epub":
        return [article for _, article in read_book(content)]
    return [{"pdf": article_from_pdf, "docx": article_from_docx, "eml": article_from_eml}[kind](content)]


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_is_locked_against_printing_only_is_read(algorithm: str) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_with([column(FIRST)]))))
    locked, closed = io.BytesIO(), io.BytesIO()
    writer.encrypt("", "owner", algorithm=algorithm)
    writer.write(locked)
    assert article_from_pdf(locked.getvalue()).text == STORY
    writer.encrypt("reader", "owner", algorithm=algorithm)
    writer.write(closed)
    with pytest.raises(ExtractError, match="encrypted: it needs a password"):
        article_from_pdf(closed.getvalue())


def test_a_pdf_without_a_word_in_it_is_no_empty_article() -> None:
    with pytest.raises(ExtractError, match="no text in it"):
        article_from_pdf(pdf_with([[]]))
    with pytest.raises(ExtractError, match="damaged"):
        article_from_pdf(pdf_of([b"<< /Type /Catalog >>"]))


def test_a_word_document_is_its_title_paragraphs_and_rows() -> None:
    def cell(text: str) -> str:
        return f"<w:tc>{paragraph(text)}</w:tc>"

    table = f"<w:tbl><w:tr>{cell('Passengers')}{cell('1,200')}</w:tr></w:tbl>"
    body = paragraph("Ferry stops for good") + paragraph("By Ada Moreno") + paragraph(STORY) + table
    article = article_from_docx(docx_of(body))
    assert (article.title, article.byline) == ("Ferry stops for good", "Ada Moreno")
    assert article.text.split("\n\n") == [STORY, "Passengers 1,200"]


def test_what_was_deleted_moved_or_hidden_in_a_word_document_is_left_out() -> None:
    hidden = paragraph("Nobody sees this.", run="<w:rPr><w:vanish/></w:rPr>")
    deleted = "<w:p><w:del><w:r><w:delText>It was cut.</w:delText></w:r></w:del></w:p>"
    moved = f"<w:p><w:moveFrom><w:r><w:t>{STORY}</w:t></w:r></w:moveFrom></w:p>"
    added = f"<w:p><w:ins><w:r><w:t>{' '.join(SECOND)}</w:t></w:r></w:ins></w:p>"
    boxed = f"<w:sdt><w:sdtContent>{paragraph(STORY)}</w:sdtContent></w:sdt>"
    article = article_from_docx(docx_of(hidden + deleted + moved + added + boxed))
    assert article.text.split("\n\n") == [" ".join(SECOND), STORY]


def test_a_table_that_only_lays_out_a_page_is_read_as_paragraphs() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph(STORY)}{paragraph(' '.join(SECOND))}</w:tc></w:tr></w:tbl>"
    assert article_from_docx(docx_of(table)).text.split("\n\n") == [STORY, " ".join(SECOND)]


def test_a_word_document_made_by_a_library_keeps_its_properties() -> None:
    import docx

    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "Ferry stops", "Ada Moreno"
    made.core_properties.created = datetime(2020, 6, 12)
    made.add_paragraph(STORY)
    content = io.BytesIO()
    made.save(content)
    article = article_from_docx(content.getvalue())
    assert (article.title, article.byline, article.published) == ("Ferry stops", "Ada Moreno", None)


def test_a_newsletter_has_its_day_and_outlet_from_its_head() -> None:
    text = (
        "View this email in your browser\n\n" + f"{STORY} <https://post.example/1>\n\n{' '.join(SECOND)}\n\n"
        "You are receiving this newsletter because you asked for it.\nUnsubscribe\nQuay Street 1, Harbour\n"
    )
    content = letter(
        text * 1, From="The Harbour Post <news@post.example>", List_Unsubscribe="<https://post.example/>"
    )
    article = article_from_eml(content)
    assert article.text.split("\n\n") == [STORY, " ".join(SECOND)]
    assert (article.title, article.outlet, article.byline) == ("The last ferry", "The Harbour Post", "")
    assert article.published == datetime.fromisoformat("2020-06-12T08:00:00+02:00")
    assert article.date_source == "field"


@pytest.mark.parametrize(
    ("sender", "outlet", "byline"),
    [
        ("Ada Moreno <ada@post.example>", "", "Ada Moreno"),
        ("Ada Moreno at The Harbour Post <ada@post.example>", "The Harbour Post", "Ada Moreno"),
        ("=?iso-8859-1?q?K=FCsten_Kurier?= <k@b.example>", "Küsten Kurier", ""),
        ("ada@post.example", "", ""),
        ("The Morning Tide <news@morningtide.example>", "The Morning Tide", ""),
        ("Morning Tide <newsletter@morningtide.example>", "Morning Tide", ""),
        ("Ada Moreno <ada@adamoreno.example>", "", "Ada Moreno"),
    ],
)
def test_a_sender_is_an_author_unless_the_name_is_an_outlets(sender: str, outlet: str, byline: str) -> None:
    content = f"From: {sender}\nSubject: The last ferry\n\n{STORY}\n".encode()
    article = article_from_eml(content)
    assert (article.outlet, article.byline) == (outlet, byline)


@pytest.mark.parametrize(
    ("sender", "outlet", "byline"),
    [
        ("Morning Tide <ed@morningtide.example>", "Morning Tide", ""),
        ("Ada Moreno <ada@morningtide.example>", "Readers of the Tide", "Ada Moreno"),
    ],
)
def test_who_sends_to_a_list_is_its_outlet_where_the_address_is_its_own(
    sender: str, outlet: str, byline: str
) -> None:
    head = f"From: {sender}\nSubject: The last ferry\nList-Id: Readers of the Tide <all.tide.example>\n"
    article = article_from_eml(f"{head}\n{STORY}\n".encode())
    assert (article.outlet, article.byline) == (outlet, byline)


@pytest.mark.parametrize("mark", ["-- ", "--"])
def test_the_signature_of_a_mail_goes(mark: str) -> None:
    story, signature = [STORY, " ".join(SECOND)], [mark, "Ada Moreno", "Quay 1, Kelmouth"]
    text = "\n\n".join(story) + "\n" + "\n".join(signature)
    assert article_from_eml(letter(text)).text == "\n\n".join(story)
    html = "".join(f"<p>{line}</p>" for line in [*story, *signature])
    article = article_from_eml(letter(html=f"<html><body><h1>The last ferry</h1>{html}</body></html>"))
    assert article.text == "\n\n".join(story)


def test_a_mail_sent_on_is_the_first_mail() -> None:
    text = (
        "Have a look, Tom\n\n---------- Forwarded message ---------\nFrom: The Harbour Post <n@p.example>\n"
        f"Date: Thu, 11 Jun 2020 at 08:06\nSubject: Ferry stops\nTo: <tom@b.example>\n\n\n{STORY}\n"
    )
    article = article_from_eml(letter(text, Subject="Fwd: Ferry stops"))
    assert (article.title, article.outlet, article.text) == ("Ferry stops", "The Harbour Post", STORY)
    assert article.published_day == date(2020, 6, 11)


def test_a_mail_sent_on_without_its_day_is_undated() -> None:
    text = f"-----Original Message-----\nFrom: Ada Moreno\nSubject: Ferry stops\n\n{STORY}\n"
    assert article_from_eml(letter(text)).published is None


def test_a_mail_attached_to_another_is_read_in_its_place() -> None:
    outer = EmailMessage()
    outer["From"], outer["Subject"], outer["Date"] = (
        "tom@b.example",
        "FW: look",
        "Sat, 13 Jun 2020 08:00:00 +0000",
    )
    outer.set_content("FYI")
    outer.add_attachment(email.message_from_bytes(letter(STORY), policy=email.policy.default))
    article = article_from_eml(bytes(outer))
    assert (article.title, article.text, article.byline) == ("The last ferry", STORY, "Ada Moreno")


def test_a_mail_in_html_is_read_as_a_page() -> None:
    html = (
        f"<html><body><h1>The last ferry</h1><p>{STORY}</p><p>{' '.join(SECOND)}</p>"
        '<p style="display:none">Preview text</p><p><a href="https://p.example">Unsubscribe</a></p></body></html>'
    )
    for content in (letter(html=html), letter("Read it in your browser.", html)):
        article = article_from_eml(content)
        assert (article.title, article.text) == ("The last ferry", f"{STORY}\n\n{' '.join(SECOND)}")


def test_attachments_are_passed_over_and_old_encodings_read() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ada Moreno <a@b.example>", "Fähre"
    message.set_content(
        "Die Fähre über den Fluss fährt nicht mehr.", charset="iso-8859-1", cte="quoted-printable"
    )
    message.add_attachment("Not the story.", filename="notes.txt")
    assert article_from_eml(bytes(message)).text == "Die Fähre über den Fluss fährt nicht mehr."


def test_a_newspapers_e_book_is_one_article_a_document() -> None:
    content = epub_with(
        {
            "cover.xhtml": '<img src="cover.jpg"/>',
            "index.xhtml": "<h1>Sections</h1><p><a href='1.xhtml'>Ferry stops for good this month</a></p>",
            "1.xhtml": f"<div class='calibre_navbar'>Next</div><h1>Ferry stops</h1><p>{STORY}</p>",
            "2.xhtml": f"<h2>On the quay</h2><p>By Ada Moreno, 11 June 2020</p><p>{' '.join(SECOND)}</p>",
        },
        "<dc:title>The Harbour Post [Fri, 12 Jun 2020]</dc:title><dc:publisher>calibre</dc:publisher>"
        "<dc:date>2020-06-13T01:00:00+00:00</dc:date>",
    )
    (first, one), (second, other) = read_book(content)
    assert (first, second) == ("OEBPS/1.xhtml", "OEBPS/2.xhtml")
    assert (one.title, one.text, one.outlet) == ("Ferry stops", STORY, "The Harbour Post")
    assert (one.published, one.date_source) == (date(2020, 6, 12), "field")
    assert (other.title, other.byline, other.published) == ("On the quay", "Ada Moreno", date(2020, 6, 11))


def test_a_document_without_a_heading_has_the_name_the_contents_give_it() -> None:
    ncx = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    point = "<navPoint><navLabel><text>Ferry stops</text></navLabel><content src='1.xhtml#top'/></navPoint>"
    content = epub_with(
        {"1.xhtml": f"<p>{STORY}</p>"},
        "<dc:title>Coast</dc:title><dc:publisher>The Harbour Post</dc:publisher>"
        '<dc:date opf:event="modification">2021-01-01</dc:date><dc:date>2020-06-12</dc:date>',
        ncx,
        {"OEBPS/toc.ncx": f"<ncx><navMap>{point}</navMap></ncx>"},
    )
    ((_, article),) = read_book(content)
    assert (article.title, article.outlet, article.published) == (
        "Ferry stops",
        "The Harbour Post",
        date(2020, 6, 12),
    )


def test_an_e_book_that_only_hides_its_fonts_is_read() -> None:
    method = "<EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/>"
    locks = {"META-INF/encryption.xml": f"<encryption>{method}</encryption>"}
    assert read_book(epub_with({"1.xhtml": f"<p>{STORY}</p>"}, others=locks))


def test_each_article_of_an_e_book_names_its_document() -> None:
    content = epub_with({"1.xhtml": f"<p>{STORY}</p>"})
    assert [article.source for _, article in articles_from_epub(content, source="a.epub")] == [
        "a.epub#OEBPS/1.xhtml"
    ]


def test_the_day_in_a_files_name_counts_where_a_pdf_gives_none() -> None:
    article = article_from_pdf(pdf_with([column(FIRST)]), source="news/2020-06-12-ferry.pdf")
    assert (article.published, article.date_source) == (date(2020, 6, 12), "file")


def test_no_time_zone_is_made_up() -> None:
    article = article_from_eml(letter(STORY, Date="Fri, 12 Jun 2020 08:00:00 +0000"))
    assert article.published == datetime(2020, 6, 12, 8, tzinfo=timezone.utc)
