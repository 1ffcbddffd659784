"""A memory of examples, so that none is written twice."""

import hashlib


class SeenTexts:
    """Remembers examples by a digest each; white space counts as one space.

    A digest has eight bytes, and Python's set of them takes some eighty. Among ten
    million different examples two share their digest with a probability of 3e-6; the
    second one is then left out, which does no harm.
    """

    def __init__(self):
        self._digests: set[int] = set()

    def add(self, texts: tuple[str, ...]) -> bool:
        """Remembers an example; whether it is new."""
        words = "\n".join(" ".join(text.split()) for text in texts)
        content = words.encode("utf-8", "surrogatepass")
        digest = hashlib.blake2b(content, digest_size=8).digest()
        before = len(self._digests)
        self._digests.add(int.from_bytes(digest, "little"))
        return len(self._digests) > before
