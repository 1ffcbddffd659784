"""What the methods of augmentation have in common."""

from typing import Protocol

import numpy as np


class Rewriter(Protocol):
    """Writes a text anew, in words other than its own."""

    def rewrite(
        self, text: int, tries: int, generator: np.random.Generator
    ) -> list[str | None]:
        """Tries to rewrite one text of a corpus.

        Args:
            text: its number in the corpus.
            tries: how many versions to make.
            generator: the only source of chance.

        Returns:
            `tries` versions, some of which may be the text itself or alike; None for
            a version that is of no use.
        """
