"""The JSON form of an answer: written from an `Answer`, and read back by someone who trusts none of it."""

from assistant.record.conversations import from_conversation, to_conversation
from assistant.record.reading import from_named_record, from_record
from assistant.record.writing import to_named_record, to_record

__all__ = [
    "from_conversation",
    "from_named_record",
    "from_record",
    "to_conversation",
    "to_named_record",
    "to_record",
]
