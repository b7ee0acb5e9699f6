"""Every word of the page itself, in one place: what answers and articles say stands elsewhere.

Templates read them as `words.NAME`, scripts as `dateline.words.NAME`. Braces are filled in by
`str.format`, or by `dateline.fill` in a script.
"""

from __future__ import annotations

# The page
TITLE = "Dateline"
SUBTITLE = "Ask your news articles. Every statement points at the exact words it rests on."

MENU = "Collection and conversations"
OPEN_COLLECTION = "Collection"
OPEN_CONVERSATIONS = "Conversations"
NEW_CONVERSATION = "New"
OPEN_ADDING = "Add articles"
DARK = "Dark"

# Asking and answering
QUESTION = "Your question"
QUESTION_HINT = "Ask about the articles"
ASK = "Ask"
STOP = "Stop"
CONVERSATION = "Conversation"
WAITS = "waits for its turn"
EDITING = "Your next question takes the place of this one. Press Escape to leave it as it is."
SCOPE = "Which articles"
OUTLETS = "Outlets"
SINCE = "Published from"
UNTIL = "Published until"
AS_OF = "As of the day"
CLEAR_SCOPE = "Clear all"
ALL_ARTICLES = "All {articles}"
SOME_ARTICLES = "{scope}: {articles} of {all}"

# The reader
READER = "Article"
READER_EMPTY = "Open a citation to read its article here, at the words it rests on."
READER_NAMED = "Article: {title}"
BACK = "Back to the answer"
PREVIOUS_MARK = "Previous marked words"
NEXT_MARK = "Next marked words"
MARK_PLACE = "{place} of {count} marked"
OPENING = "Opening the article …"
NOT_OPENED = "The article could not be opened: {reason}"
ORIGINAL = "Original article"
ASK_ABOUT = "Ask about this article"

# What an answer rests on

# The collection

# Conversations, export, what readers thought

# Starting, and adding articles


def every() -> dict[str, str]:
    """Give all words by their names, for templates and scripts."""
    return {name: text for name, text in globals().items() if name.isupper()}
