"""The ceiling: matrix products of the shapes that training has."""

from contestants.products import case_name
from taking_turns import Contestant

from workloads.workload import Case
from workloads.workload import Workload


def _cases(settings):
    cases = {}
    for shape in settings.products:
        rows, inner, columns = shape
        flops = settings.products_a_pass * 2 * rows * inner * columns
        cases[case_name(*shape)] = Case(amount=flops / 1e9)
    return cases


PRODUCTS = Workload(
    name="matrix_products",
    what="Matrix products alone (rows x inner x columns).",
    contestants={
        f"{library} {dtype}": Contestant(
            "contestants.products", f"in_{library.lower()}", {"dtype": dtype}, needs
        )
        for dtype in ("bfloat16", "float32")
        for library, needs in (("TensorFlow", ()), ("PyTorch", ("torch",)))
    },
    cases=_cases,
    unit="gigaflops",
)
