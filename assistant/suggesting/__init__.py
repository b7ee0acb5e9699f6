"""Questions that a collection answers, to begin with and to go on with."""

from __future__ import annotations

from assistant.suggesting.suggestions import Suggestions, follow_ups, questions_about

__all__ = ["Suggestions", "follow_ups", "questions_about"]
