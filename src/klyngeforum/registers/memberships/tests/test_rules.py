"""What everybody is told of how an organisation is made up."""

from __future__ import annotations

import pytest

from klyngeforum.registers.memberships.rules import told_makeup


def told(companies, under_50, unknown, dedicated):
    counts = {"members": companies + 2, "companies": companies, "under_50": under_50, "size_unknown": unknown, "dedicated": dedicated}  # fmt: skip
    found = told_makeup({**counts, "knowledge": 2, "authorities": 0}, 5)
    assert (found["members"], found["companies"], found["knowledge"], found["authorities"]) == (companies + 2, companies, 2, 0)  # fmt: skip
    return found["under_50"], found["size_unknown"], found["dedicated"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((40, 20, 10, 10), (20, 10, 10)), ((40, 20, 0, 0), (20, 0, 0)),
        ((40, 3, 0, 10), (None, 0, 10)),  # few are small
        ((40, 20, 2, 10), (20, 2, 10)),  # whose size nobody knows is no trait of anybody
        ((40, 38, 0, 10), (None, 0, 10)), ((40, 20, 18, 10), (None, 18, 10)),  # all but two are small: the two are
        ((40, 20, 10, 37), (20, 10, None)), ((3, 1, 1, 1), (None, 1, None)), ((0, 0, 0, 0), (0, 0, 0)),
    ],
)  # fmt: skip
def test_sizes_and_agreements_of_few_are_not_told_nor_what_leaves_few(counts, said):
    assert told(*counts) == said
