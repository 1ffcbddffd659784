"""Contestants that only count, for child processes to import."""


def counting(settings, cases):
    """Passes of each case append their number to the settings' file."""

    def passes_of(case):
        def run(passes):
            with open(settings, "a", encoding="utf-8") as file:
                file.write(f"{case}:{passes}\n")

        return run

    return {case: passes_of(case) for case in cases}


def broken(settings):
    raise RuntimeError("no such processor")


def failing(settings, passes):
    """Does so many passes, and no more."""
    left = passes

    def run(count):
        nonlocal left
        left -= count
        if left < 0:
            raise MemoryError("the fourth pass")

    return {"a": run}
