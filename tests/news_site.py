"""A news site on this machine: pages from a template, a feed and a sitemap, and what was asked for."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SUBJECTS = "bridge ferry harbour library market mill orchard quarry school station theatre tower".split()
PLACES = "Almstead Brackwater Corrie Dunholm Eastwick Fallowfield Grayling Hartsea".split()


@dataclass
class Story:
    """One article of the site."""

    number: int
    edition: int = 1

    @property
    def path(self) -> str:
        return f"/{self.day:%Y/%m/%d}/{self.subject}-{self.number}.html"

    @property
    def day(self) -> date:
        return date(2024, 1, 1) + timedelta(days=self.number)

    @property
    def subject(self) -> str:
        return SUBJECTS[self.number % len(SUBJECTS)]

    @property
    def place(self) -> str:
        return PLACES[self.number % len(PLACES)]

    @property
    def title(self) -> str:
        return f"The {self.subject} of {self.place} opens for the {self.number}th time"

    @property
    def moment(self) -> datetime:
        return datetime.combine(self.day, time(8, self.edition), timezone.utc)

    def paragraphs(self) -> list[str]:
        later = f" It was visited by {self.edition * 100} people since." if self.edition > 1 else ""
        return [
            f"The {self.subject} of {self.place} opened again on {self.day:%A}, the council said.{later}",
            f"Repairs of it had taken {self.number + 3} weeks and cost {self.number * 7 + 40} "
            f"thousand crowns, more than the {self.number + 20} thousand that were planned for it.",
            f"A speaker for {self.place} thanked the {self.number + 5} workers, who had kept to their plan "
            "in spite of rain, and said that the next repair would not come before ten years had gone by.",
        ]

    def html(self) -> str:
        body = "".join(f"<p>{one}</p>" for one in self.paragraphs())
        return (
            f'<!doctype html><html lang="en"><head><title>{self.title} - The Sound Mail</title>'
            '<meta property="og:site_name" content="The Sound Mail">'
            f'<meta property="article:published_time" content="{self.day}T08:00:00+00:00"></head><body>'
            '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
            f"<article><h1>{self.title}</h1>{body}</article>"
            "<footer>All rights reserved. <a href='/contact'>Contact</a></footer></body></html>"
        )


@dataclass
class NewsSite:
    """What the site has, and what it was asked for."""

    address: str = ""
    stories: dict[int, Story] = field(default_factory=dict)
    others: dict[str, tuple[str, bytes]] = field(default_factory=dict)  # path: type, content
    asked: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    broken: dict[str, int] = field(default_factory=dict)  # path: status
    moved: dict[str, str] = field(default_factory=dict)  # path: path
    remembers: bool = True  # gives validators, and says 304
    in_feed: int = 1_000_000  # of the newest stories

    def url(self, story: Story) -> str:
        return self.address + story.path

    def forget(self) -> None:
        self.asked.clear()
        self.unchanged.clear()

    def page(self, path: str) -> tuple[str, bytes] | None:
        listings = {"/feed.xml": self._feed, "/atom.xml": self._atom, "/sitemap.xml": self._sitemap}
        if path in listings:
            return "application/xml", listings[path]().encode()
        if path in self.others:
            return self.others[path]
        found = next((one for one in self.stories.values() if one.path == path), None)
        return ("text/html; charset=utf-8", found.html().encode()) if found else None

    def _newest(self) -> list[Story]:
        return sorted(self.stories.values(), key=lambda one: -one.number)[: self.in_feed]

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{one.title}</title><link>{self.url(one)}</link>"
            f"<pubDate>{format_datetime(datetime.combine(one.day, time(8), timezone.utc))}</pubDate></item>"
            for one in self._newest()
        )
        return f'<rss version="2.0"><channel><title>The Sound Mail</title>{items}</channel></rss>'

    def _atom(self) -> str:
        entries = "".join(
            f'<entry><title>{one.title}</title><link href="{self.url(one)}"/><id>{self.url(one)}</id>'
            f"<published>{one.day}T08:00:00Z</published><updated>{one.moment:%Y-%m-%dT%H:%M:%SZ}</updated>"
            "</entry>"
            for one in self._newest()
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Sound Mail</title>{entries}</feed>'

    def _sitemap(self) -> str:
        urls = "".join(
            f"<url><loc>{self.url(one)}</loc><lastmod>{one.moment:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
            for one in sorted(self.stories.values(), key=lambda one: one.number)
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'


def handler(site: NewsSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked[self.path] += 1
            found = site.page(self.path)
            status = site.broken.get(self.path, 200 if found else 404)
            if self.path in site.moved:
                status = 302
            kind, content = found if found and status == 200 else ("text/plain", b"sorry")
            tag = f'"{hashlib.sha256(content).hexdigest()[:12]}"'
            if status == 200 and site.remembers and self.headers.get("If-None-Match") == tag:
                site.unchanged[self.path] += 1
                status, content = 304, b""
            self.send_response(status)
            if status == 200 and site.remembers:
                self.send_header("ETag", tag)
            if status == 302:
                self.send_header("Location", site.moved[self.path])
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def news_site(stories: int) -> Iterator[NewsSite]:
    """Serve so many stories until the body is done."""
    site = NewsSite(stories={number: Story(number) for number in range(1, stories + 1)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
