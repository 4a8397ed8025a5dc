"""An order in which what is alike stands together, for a matrix that people can read (rækkefølge)."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from klyngeanalyse.core.errors import Unfit
from klyngeanalyse.strengths.cells import Array


def alike_order(likeness: Array) -> Array:
    """Places of the rows of a symmetric table of likeness (0 to 1), in an order that keeps neighbours alike.

    Average linkage on 1 - likeness; of all orders that the tree allows, the one with the least sum of distances between neighbours.
    Source: Bar-Joseph, Gifford & Jaakkola 2001. Raises Unfit for a table that is not square, not symmetric or outside 0 to 1.

    >>> alike_order(np.array([[1, 0, 0.9], [0, 1, 0.1], [0.9, 0.1, 1]])).tolist()
    [1, 2, 0]
    """
    table = np.asarray(likeness, dtype=np.float64)
    count = len(table)
    if table.shape != (count, count) or not np.array_equal(table, table.T):
        raise Unfit("a likeness that is not the same both ways", mend="give a symmetric table")
    if count and (table.min() < 0 or table.max() > 1):
        raise Unfit("a likeness outside 0 to 1", mend="give shares between 0 and 1")
    if count < 3:
        return np.arange(count)
    apart = 1 - table
    np.fill_diagonal(apart, 0)
    return np.asarray(leaves_list(linkage(squareform(apart, checks=False), "average", optimal_ordering=True)))
