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
COLLECTION = "The collection"
CLOSE_COLLECTION = "Close"
COLLECTION_LOADING = "Looking through the collection …"
COLLECTION_FAILED = "This could not be shown: {reason}"
COLLECTION_UNREADABLE = "The index cannot be read at the moment; the server's log says why."
SERVER_UNREACHABLE = "Dateline cannot be reached; is it still running?"
TRY_AGAIN = "Try again"
ONE_ARTICLE = "{count} article"
MANY_ARTICLES = "{count} articles"
ONE_STORY = "{count} independent story"
MANY_STORIES = "{count} independent stories"
ONE_OUTLET = "{count} outlet"
MANY_OUTLETS = "{count} outlets"
PUBLISHED_BETWEEN = "published {first} to {last}"
PUBLISHED_ON = "published {first}"
UNDATED = "{count} undated"
LAST_SYNC = "Last brought up to date"
NEVER_SYNCED = "Never brought up to date"
JUST_NOW = "just now"
ONE_MINUTE_AGO = "{count} minute ago"
MINUTES_AGO = "{count} minutes ago"
ONE_HOUR_AGO = "{count} hour ago"
HOURS_AGO = "{count} hours ago"
ONE_DAY_AGO = "{count} day ago"
DAYS_AGO = "{count} days ago"
NO_ARTICLES = "There are no articles yet; add some with: dateline sync FOLDER"
SHOWN = "Shown: articles {scope}"
SHOW_ALL = "Show all"
OF_DAY = "of {day}"
FAILING_SOURCES = "Sources that cannot be read"
FAILED_DOCUMENTS = "Documents that could not be read"
MORE_FAILED = "and {count} more; dateline doctor names them all"
BY_DAY = "Articles by day"
BY_WEEK = "Articles by week"
BY_MONTH = "Articles by month"
BY_YEAR = "Articles by year"
BY_DECADE = "Articles by ten years"
BY_CENTURY = "Articles by century"
HISTOGRAM_HINT = "Choose a bar to ask only about its days. Arrow keys go from bar to bar."
BAR = "{days}: {articles}"
MOST_IN_A_BAR = "highest bar: {articles}"
NO_DATED = "None of these articles is dated."
OUTLETS_HERE = "Outlets"
NO_OUTLET = "Unknown outlet"
MORE_OUTLETS = "and {count} more"
BROWSE = "Articles"
SEARCH_ARTICLES = "Search the articles"
MORE_ARTICLES = "More articles"
ARTICLES_LOADED = "{count} more articles listed"
NO_DAY = "undated"
CORRECTED = "corrected"
ONE_COPY = "{count} copy elsewhere"
MANY_COPIES = "{count} copies elsewhere"
OPINION = "opinion"
ANALYSIS = "analysis"
REVIEW = "review"
SPONSORED = "sponsored"
NEWEST_FIRST = "{articles}, newest first"
NEAREST_FIRST = "Nearest to “{words}” first"
NEAREST_FIRST_IN = "Nearest to “{words}” first, among articles {scope}"
NOTHING_HERE = "There are no articles {scope}."
NOTHING_FOUND = "Nothing in the collection was found for “{words}”."
NOTHING_FOUND_IN = "Nothing was found for “{words}” among articles {scope}."
NO_MORE_ARTICLES = "There are no more articles."
WRONG_PAGE = "page must be a number from 1 to {most}"
WRONG_DAY = "{name} must be one day, such as 2020-06-12"
TOO_MANY_OUTLETS = "at most {most} outlets can be asked for at once"
TOO_LONG_OUTLET = "an outlet's name is longer than {most} characters"

# Conversations, export, what readers thought

# Starting, and adding articles


def every() -> dict[str, str]:
    """Give all words by their names, for templates and scripts."""
    return {name: text for name, text in globals().items() if name.isupper()}
