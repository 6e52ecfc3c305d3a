"""From tokens to the text a student reads, and the light edits of a planted duplicate; never back."""

from collections.abc import Collection, Sequence

from autograder.reviews.chance import Pick, evenly


def written(tokens: Sequence[str], proper: Collection[str]) -> str:
    """The review as text, spaces around punctuation; upper case at the start of a sentence, in "I" and in
    the words that are `proper` names.

    `text.lower().split()` gives the tokens back.
    """
    words = []
    start = True
    for token in tokens:
        words.append(token[:1].upper() + token[1:] if start or token == "i" or token in proper else token)
        start = token == "."
    return " ".join(words)


def edited(text: str, pick: Pick) -> str:
    """The same review as somebody else would have pasted it: other case, or other spaces, never equal.

    `edited(text).lower().split()` still gives the same tokens.
    """
    return _EDITS[pick(evenly(len(_EDITS)))](text)


def _lower(text: str) -> str:
    return text.lower()


def _shouted(text: str) -> str:
    return text.upper()


def _first_word_shouted(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{first.upper()} {rest.lower()}"


def _double_space_after_sentences(text: str) -> str:
    return text.replace(" . ", " .  ") + " "


def _indented(text: str) -> str:
    return f"  {text}"


_EDITS = (_lower, _shouted, _first_word_shouted, _double_space_after_sentences, _indented)
