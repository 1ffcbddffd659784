"""The one exception a user's mistake raises."""


class DistillError(Exception):
    """A mistake the user can mend.

    The message is one sentence: what was expected, what came instead, where (file
    and line when there is one), and how to mend it. The entry points print it and
    exit with status 1; they never show a traceback for it.
    """
