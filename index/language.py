"""Which language a text is in, by its script and its commonest words."""

from __future__ import annotations

import re
from collections import Counter

_COMMON_WORDS = {
    "en": "the of and to in that is was for with on by has had have from at it which this",
    "de": "der die das und ist nicht mit den von zu dem ein eine im auf des für sich auch dass",
    "fr": "les des et est dans une pour que qui sur par pas au avec sont du il elle ont aux",
    "es": "el los las y que en una por con para del es se no un su fue como al más",
    "it": "il di che e la per non è un una con del della sono gli dei si nel alla anche",
    "nl": "het een van en de dat is niet op te zijn voor met ook aan er bij hij naar uit",
    "pt": "o os as e que do da em um uma para com não por dos das foi ao mais pelo",
    "sv": "och att det som en på är av för med den till inte har ett om var från hade de",
    "da": "og at det som en på er af for med den til ikke har et om var fra havde de",
    "pl": "i w na się nie z do że jest to po jak za od przez oraz był dla który jego",
    "cs": "a v se na je že s z do to ve pro o by byl jako za podle která který",
    "tr": "ve bir bu için ile da de olarak olan daha çok sonra kadar olduğu gibi ise ancak en",
}
_VOTES = {language: frozenset(words.split()) for language, words in _COMMON_WORDS.items()}
_SCRIPTS = (  # language, its characters, their least share among the letters; the first that fits wins
    ("ja", "\u3040-\u30ff", 0.1),  # before the characters it shares with Chinese
    ("ko", "\u1100-\u11ff\uac00-\ud7af", 0.3),
    ("zh", "\u3400-\u9fff", 0.3),
    ("uk", "ґєїҐЄЇ", 0.005),
    ("ru", "\u0400-\u04ff", 0.3),
    ("fa", "پچژگی", 0.02),
    ("ar", "\u0600-\u06ff", 0.3),
    ("el", "\u0370-\u03ff", 0.3),
    ("he", "\u0590-\u05ff", 0.3),
    ("hi", "\u0900-\u097f", 0.3),
    ("th", "\u0e00-\u0e7f", 0.3),
)
_SAMPLE = 5000  # characters looked at
_WORD_SHARE = 0.12
_LEAD = 1.25
_FEWEST_WORDS = 8


def language_of(text: str) -> str:
    """Name a text's language by its two-letter code, or "" where it cannot be told.

    >>> language_of("The talks in Hanoi ended early, and the leaders left without a deal on sanctions.")
    'en'
    >>> language_of("Die Gespräche endeten früh, und der Außenminister ist mit dem Ergebnis nicht zufrieden.")
    'de'
    """
    sample = text[:_SAMPLE]
    return _by_script(sample) or _by_words(sample)


def language_of_code(code: str) -> str:
    """Take the language out of what a page declares: "en" from "en-GB" or "en_US", "" from anything odd.

    >>> language_of_code("de_AT.UTF-8"), language_of_code("english")
    ('de', '')
    """
    match = re.match(r"([a-z]{2})(?![a-z])", code.strip().lower())
    return match[1] if match else ""


def _by_script(sample: str) -> str:
    counts = Counter(sample)
    letters = sum(count for character, count in counts.items() if character.isalpha()) or 1
    distinct = "".join(counts)
    for name, span, least in _SCRIPTS:
        if sum(counts[character] for character in re.findall(f"[{span}]", distinct)) / letters >= least:
            return name
    return ""


def _by_words(sample: str) -> str:
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    votes = sorted(
        ((sum(words[word] for word in common), language) for language, common in _VOTES.items()), reverse=True
    )
    (first, language), (second, _) = votes[:2]
    total = sum(words.values())
    return (
        language
        if total >= _FEWEST_WORDS and first >= _WORD_SHARE * total and first >= _LEAD * second
        else ""
    )
