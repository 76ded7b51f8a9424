"""What single word lists and facts say for and against the codes of a dimension: one rule each, fitted on coded posts.

    weights:
      graduate: {labour_market: 0.9, atmosphere: 0.2}
      platform.tiktok: {student_made: 0.6, other: -0.8}

A name with a dot is a fact, one without a word list. `bench/fit_weights.py` writes the block.
"""

from __future__ import annotations

from collections import defaultdict

from classify.codebook import WEIGHT, Rule
from classify.errors import CodebookError, shown
from classify.nodes import Section


def read_weights(dimension: str, codes: frozenset[str], section: Section) -> dict[str, list[Rule]]:
    """Return the rules of a block of weights, by the code of which they are."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for name, value in section.pairs().items():
        weights = [(code, weight.number(-100, 100)) for code, weight in value.pairs().items()]
        unknown = [code for code, _ in weights if code not in codes]
        if unknown or not weights:
            raise CodebookError(
                value.place,
                f"weights of {shown(name)} are for {shown(unknown[0]) if unknown else 'nothing'}; "
                f"expected codes of {dimension}",
            )
        (first, weight), *others = weights
        found[first].append(
            Rule(
                name=f"{WEIGHT}{name}_of_{dimension}".replace(".", "_"),
                code=f"{dimension}.{first}",
                place=value.place,
                weight=weight,
                any=() if "." in name else (name,),
                given=((name,),) if "." in name else (),
                also=tuple((f"{dimension}.{code}", other) for code, other in others),
            )
        )
    return found
