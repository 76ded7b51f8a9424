"""Passages as the rules see them: the words of a field, or of its rows of hashtags, and what its sentences hold."""

from __future__ import annotations

from dataclasses import dataclass

from classify.hashtag import HashtagSegmenter
from classify.masked import Fired, fired_in, union
from classify.phrase import END
from classify.place import Quote
from classify.ruleset import Ruleset
from classify.single_words import SingleWords
from classify.text import WORD, fold, words_of
from classify.vocabulary import Vocabulary

LONGEST_STRETCH = 36  # words; speech without full stops is read in stretches of this length
LONGEST_REMEMBERED = 1_000  # characters
MOST_REMEMBERED = 20_000
NAMELESS = "xxx"
SHORTEST_NAME = 6  # letters


@dataclass(slots=True, eq=False, kw_only=True)
class Passage:
    """The words of a field, or of its rows of hashtags, as masks, and what its stretches hold.

    A stretch is a sentence, or a part of one that is very long. Its mask says which word lists it holds that some rule
    looks at, in which field it stands, and whether it opens the post; its span is its first word and the one past its
    last. `held` is what all of them hold, `fired` what fires in them. `said` are the words that say something by
    themselves, each with where it stands first, `says` the sum of it; `distinct` is how many distinct words there are,
    full stops included.

    A passage remembers what was looked up: `counts` how many words belong to some lists, by their mask, and `quotes`
    words as posted, by the number of a rule or by a word.
    """

    field: str
    is_tags: bool
    masks: tuple[int, ...]
    stretches: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    held: int
    fired: Fired
    said: dict[str, int]
    says: int
    distinct: int
    counts: dict[int, int]
    quotes: dict[int | str, Quote]

    def count(self, wanted: int) -> int:
        """Return how many words belong to one of the wanted lists."""
        if not self.held & wanted:
            return 0
        count = self.counts.get(wanted)
        if count is None:
            count = self.counts[wanted] = len([1 for mask in self.masks if mask & wanted])
        return count


class PassageReader:
    """Reads the texts of one language.

    The same text is posted on four platforms, and coded again when the codebook's author changes a line. What was read
    is remembered up to a limit, and then forgotten at once.
    """

    def __init__(
        self, vocabulary: Vocabulary, single: SingleWords, segment: HashtagSegmenter, rules: Ruleset
    ) -> None:
        self._vocabulary = vocabulary
        self._single = single
        self._segment = segment
        self._rules = rules
        self._remembered: dict[tuple[str, str, str, bool], tuple[Passage, ...]] = {}

    def read(self, field: str, text: str, name: str, opens: bool) -> tuple[Passage, ...]:
        """Return the passages of a text; the institution's name in it is made nameless.

        `opens` says that what stands before it in the post holds nothing that some rule looks at.
        """
        key = field, text, name, opens
        passages = self._remembered.get(key)
        if passages is None:
            passages = self._read(field, text, name, opens)
            if len(text) <= LONGEST_REMEMBERED:
                if len(self._remembered) >= MOST_REMEMBERED:
                    self._remembered.clear()
                self._remembered[key] = passages
        return passages

    def _read(self, field: str, text: str, name: str, opens: bool) -> tuple[Passage, ...]:
        words, tags = words_of(text, self._segment)
        if name:
            hide_name(words, fold(name))
            hide_name(tags, fold(name))
        if tags and field == "hashtags":
            return (self._passage(field, True, tags, opens),)
        running = self._passage(field, False, words, opens)
        if not tags:
            return (running,)
        return running, self._passage(field, True, tags, opens and not running.held)

    def _passage(self, field: str, is_tags: bool, words: list[str], opens: bool) -> Passage:
        masks = self._vocabulary.masks_of(words)
        place = self._rules.place_bit["hashtags" if is_tags else field]
        found = self._stretches(masks)
        stretches = [held | place for held in found.values()]
        if opens and stretches:
            stretches[0] |= self._rules.place_bit["opening"]
        single = self._single
        places = zip(reversed(words), range(len(words) - 1, -1, -1), strict=True)
        said = {word: place for word, place in places if single[word]}
        by_sentence = self._rules.by_sentence
        return Passage(
            field=field,
            is_tags=is_tags,
            masks=tuple(masks),
            stretches=tuple(stretches),
            spans=tuple(found),
            held=union(stretches),
            fired=fired_in([by_sentence[stretch] for stretch in stretches]),
            said=said,
            says=sum(map(single.__getitem__, said)),
            distinct=len(set(words)),
            counts={},
            quotes={},
        )

    def _stretches(self, masks: list[int]) -> dict[tuple[int, int], int]:
        """Return the spans of stretches that hold something that some rule looks at, and what they hold."""
        stretches: dict[tuple[int, int], int] = {}
        held = first = 0
        limit = LONGEST_STRETCH
        for number, mask in enumerate((*masks, END), 1):
            if mask:
                held |= mask
                if not mask & END and number < limit:
                    continue
            elif number < limit:
                continue
            held &= self._rules.relevant
            if held:
                stretches[first, min(number, len(masks))] = held
            held, first, limit = 0, number, number + LONGEST_STRETCH
        return stretches


def hide_name(words: list[str], name: str) -> None:
    """Put a word that means nothing in the place of each word of a name: a name says nothing of a post.

    >>> words = ["fijne", "dag", "op", "roc", "techniek", "noord"]
    >>> hide_name(words, "roc techniek noord"); words
    ['fijne', 'dag', 'op', 'xxx', 'xxx', 'xxx']
    >>> words = ["kom", "naar", "zone", "college", "!"]  # as words_of cuts a text
    >>> hide_name(words, "zone.college"); words
    ['kom', 'naar', 'xxx', 'xxx', '!']
    """
    joined = "".join(WORD.findall(name))
    if len(joined) < SHORTEST_NAME:
        return
    for start in range(len(words)):
        if joined.startswith(words[start]):
            rest, end = joined, start
            while rest and end < len(words) and rest.startswith(words[end]):
                rest = rest[len(words[end]) :]
                end += 1
            if not rest:
                words[start:end] = [NAMELESS] * (end - start)
