"""A question that leans on the ones before it, as one that can be searched by itself."""

from assistant.followup.rewriting import Rewritten, rewritten, standalone

__all__ = ["Rewritten", "rewritten", "standalone"]
