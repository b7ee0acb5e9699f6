"""Where reports differ on figures, days, names, yes and no, and what a later one replaces."""

from assistant.compare.differences import as_sentence, disagreements

__all__ = ["as_sentence", "disagreements"]
