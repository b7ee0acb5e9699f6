"""The JSON form of an answer: written from an `Answer`, and read back by someone who trusts none of it."""

from assistant.record.reading import from_record
from assistant.record.writing import to_record

__all__ = ["from_record", "to_record"]
