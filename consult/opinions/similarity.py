"""
How like two texts are, and by which words: TF-IDF over pairs of characters. Pure.

Chinese needs no word list this way, and what two texts share can be shown as the reason.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import add

RUNS = re.compile(r"[a-z][a-z0-9]+|[一-鿿]+")
CHARACTERS = 300  # of a text that are compared; a summary can be much longer
LEAST = 0.08  # under it, what is shared is small talk
SHOWN_WORDS = 6


@dataclass(frozen=True)
class Likeness:
    """`place` of the text among those given, how like it is (0 to 1), and the shared words."""

    place: int
    score: float
    words: tuple[str, ...]


def terms(text: str) -> set[str]:
    """Latin words as they are, Chinese runs as pairs of characters; figures say nothing."""
    found: set[str] = set()
    for run in RUNS.findall(text[:CHARACTERS].lower()):
        found.update(_pairs(run))
    return found


def _pairs(run: str) -> Iterable[str]:
    return [run] if run[0] < "一" or len(run) == 1 else map(add, run, run[1:])


def most_like(text: str, others: Iterable[str], *, limit: int) -> list[Likeness]:
    """The texts that are most like this one, best first, each with its reason."""
    wanted, corpus = terms(text), [terms(other) for other in others]
    known = Counter(chain.from_iterable(corpus))
    count = len(corpus) + 1
    weight = {term: math.log(count / (1 + n)) + 1 for term, n in known.items()}
    rare = math.log(count) + 1
    square = {term: value * value for term, value in weight.items()}
    length = math.sqrt(sum(square.get(term, rare * rare) for term in wanted))
    likes = []
    for place, found in enumerate(corpus):
        shared = wanted & found
        if not shared:
            continue
        common = sum(map(square.__getitem__, shared))
        score = common / (length * math.sqrt(sum(map(square.__getitem__, found))))
        if score >= LEAST:
            likes.append((score, place, shared))
    likes.sort(key=lambda like: (-like[0], like[1]))
    return [
        Likeness(place, score, _in_words(text, shared, weight))
        for score, place, shared in likes[:limit]
    ]


def _in_words(text: str, shared: set[str], weight: dict[str, float]) -> tuple[str, ...]:
    """Pairs that follow each other in the text make a longer word again; the rarest first."""
    words: dict[str, float] = {}
    for run in RUNS.findall(text[:CHARACTERS].lower()):
        word, total = "", 0.0
        for pair in [*_pairs(run), ""]:
            if pair in shared:
                word, total = word + (pair[-1] if word else pair), total + weight[pair]
                continue
            if word:
                words[word] = max(total, words.get(word, 0.0))
            word, total = "", 0.0
    return tuple(sorted(words, key=lambda word: -words[word])[:SHOWN_WORDS])
