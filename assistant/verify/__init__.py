"""Whether what a text says stands in the articles it cites, claim by claim, without a model."""

from assistant.verify.verifier import UNSUPPORTED, Verifier, check

__all__ = ["UNSUPPORTED", "Verifier", "check"]
