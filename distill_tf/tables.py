"""Tables on the screen."""

from rich.console import Console
from rich.table import Table


def print_table(table: Table, width: int) -> None:
    """Prints a table at least `width` characters wide, whatever the terminal is.

    A table that is cut at the width of a log file helps nobody.
    """
    console = Console()
    console.width = max(console.width, width)
    console.print(table)
