"""Which errors say themselves what to do, and which are faults in the program."""

from __future__ import annotations


def own_words(error: BaseException) -> str:
    """Give the words of an error that says what to do; "" for a fault, which should show itself."""
    is_ours = isinstance(error, OSError) or type(error).__module__.partition(".")[0] in ("assistant", "index")
    return str(error) if is_ours else ""
