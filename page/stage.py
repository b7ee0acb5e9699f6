"""How far the start is, in words and as the page of those who wait."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from starlette.responses import HTMLResponse, Response

from page import words
from page.guard import HEADERS
from page.shell import script, style, template

ROUTE = "/starting"
FOLLOWING = {"retry-after": "2", "cache-control": "no-store"}
_STAGES = {
    "opening": words.STARTING_OPENING,
    "articles": words.STARTING_ARTICLES,
    "words": words.STARTING_WORDS,
    "meaning": words.STARTING_MEANING,
    "vectors": words.STARTING_VECTORS,
    "page": words.STARTING_PAGE,
    "ready": words.STARTING_READY,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is being done, how much of it is done, of how much, None where that is not known, or the error."""

    name: str = "opening"
    done: int = 0
    total: int | None = None
    error: str = ""

    @property
    def label(self) -> str:
        """Say what is being done."""
        return _STAGES.get(self.name, self.name)

    @property
    def in_words(self) -> str:
        """Say what is being done, and how much of it is.

        >>> Stage("articles", 12, 31).in_words
        'Reading articles: 12 of 31'
        """
        if self.name == "ready":
            return self.label
        form = words.STAGE_OF if self.total else words.STAGE_DONE if self.done else words.STAGE_ONLY
        return form.format(stage=self.label, done=f"{self.done:,}", total=f"{self.total or 0:,}")


def page_of(stage: Stage) -> Response:
    """Write the page of those who wait, which may run its own script and ask its own server only."""
    told = json.dumps({"gone": words.STARTING_GONE})
    looks, runs = style("colours", "starting"), script("starting")
    html = template("starting", stage=stage, route=ROUTE, told=told, style=looks, script=runs)
    policy = (
        f"default-src 'none'; script-src {_digest(runs)}; style-src {_digest(looks)}; "
        "img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return HTMLResponse(html, 503, headers=HEADERS | FOLLOWING | {"content-security-policy": policy})


def _digest(text: str) -> str:
    """Name a script or a style sheet for a policy, by what it says."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
