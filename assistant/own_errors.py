"""Which errors say themselves what to do, and which are faults in the program."""

from __future__ import annotations


def is_ours(error: BaseException) -> bool:
    """Tell an error that says what to do from a fault in the program, which should show itself."""
    return isinstance(error, OSError) or type(error).__module__.partition(".")[0] in ("assistant", "index")
