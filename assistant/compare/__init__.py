"""Where reports differ on figures, days, names, yes and no, what a later one replaces; how each quotes."""

from assistant.compare.differences import as_sentence, disagreements
from assistant.compare.requoting import as_pieces, wordings

__all__ = ["as_pieces", "as_sentence", "disagreements", "wordings"]
