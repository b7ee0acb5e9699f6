"""Every word of the page itself, in one place: what answers and articles say stands elsewhere.

Templates read them as `words.NAME`, scripts as `dateline.words.NAME`. Braces are filled in by
`str.format`, or by `dateline.fill` in a script.
"""

from __future__ import annotations

# The page
TITLE = "Dateline"
SUBTITLE = "Ask your news articles. Every statement points at the exact words it rests on."

# Asking and answering

# The reader

# What an answer rests on

# The collection

# Conversations, export, what readers thought

# Starting, and adding articles


def every() -> dict[str, str]:
    """Give all words by their names, for templates and scripts."""
    return {name: text for name, text in globals().items() if name.isupper()}
