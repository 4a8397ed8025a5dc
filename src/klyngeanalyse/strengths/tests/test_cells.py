"""Labels of rows, told apart by a table of what is there or by a dictionary: as NumPy's unique does it."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from klyngeanalyse.strengths.cells import SPAN, codes

KINDS = st.sampled_from([np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint32, np.uint64])


@given(KINDS.flatmap(lambda kind: arrays.arrays(kind, st.integers(1, 40))), st.integers(1, 5))
def test_whole_numbers_of_every_kind(values, pieces):
    table = pa.table({"label": pa.chunked_array([pa.array(one) for one in np.array_split(values, pieces)])})
    labels, place = codes(table, "label")
    expected, inverse = np.unique(values, return_inverse=True)
    assert labels.dtype == values.dtype and labels.tolist() == expected.tolist() and place.tolist() == inverse.tolist()


@pytest.mark.parametrize("far", [SPAN, SPAN + 1, 2**62])
def test_close_and_far_apart(far):
    labels, place = codes(pa.table({"label": [far, -1, 0, far, 0]}), "label")
    assert labels.tolist() == [-1, 0, far] and place.tolist() == [2, 0, 1, 2, 1]
