"""A bundle is the same bytes for the same contents, and any change of it or of a signed answer is seen."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klyngeanalyse.bundle.declared import Declared, checked
from klyngeanalyse.bundle.packet import pack, sealed, signed, unpack
from klyngeanalyse.bundle.parts import parts_of
from klyngeanalyse.core.errors import Unfit

METHODS = {
    "design": {"controls": "never", "cluster": "organisation"}, "match": {"levels": ["fte"], "exact": ["industry"]},
    "specifications": [{"name": "never"}, {"name": "adjusted", "covariates": ["age", "fte"]}],
}  # fmt: skip
ONE = Declared("growth", "d" * 64, (("employment", "per_cent_of_log"), ("exports", "per_cent")), 2, METHODS)
BEGUN = [("22222222", 2012, "b"), ("11111111", 2011, "a")]


def packed(begun=BEGUN, **more) -> tuple[bytes, str]:
    return pack(ONE, begun, **{"least": 5.0, "key": "secret", "texts": {"README.md": "How to count."}, **more})


def laid(folder: Path, content: bytes) -> Path:
    path = folder / "one.zip"
    path.write_bytes(content)
    return path


def test_what_goes_in_comes_out(tmp_path):
    content, digest = packed()
    found = unpack(laid(tmp_path, content))
    assert found.declared == ONE and found.begun == tuple(sorted(BEGUN)) and (found.least, found.key, found.digest) == (5.0, "secret", digest)  # fmt: skip


def test_the_same_contents_are_the_same_bytes_in_whatever_order_and_others_are_others():
    assert packed() == packed(list(reversed(BEGUN)))
    others = [packed(BEGUN[:1]), packed(least=3.0), packed(key="other"), packed(texts={})]
    assert len({packed()[1], *(digest for _, digest in others)}) == 5


def test_columns_and_parts_are_what_the_methods_name():
    assert ONE.columns == ("company", "year", "employment", "exports", "fte", "industry", "organisation", "age")
    assert parts_of(METHODS) == ("effects", "specification:0", "specification:1", "matching")
    assert parts_of({}) == ("effects",)


@pytest.mark.parametrize("name", ["declared.json", "participants.csv", "key.txt", "README.md"])
def test_a_file_that_was_changed_is_named(tmp_path, name):
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed()[0])) as old, zipfile.ZipFile(held, "w") as new:
        for one in old.namelist():
            new.writestr(one, old.read(one) + (b" " if one == name else b""))
    with pytest.raises(Unfit, match=name.replace(".", r"\.")):
        unpack(laid(tmp_path, held.getvalue()))


def test_a_file_too_many_is_named_and_what_is_no_bundle_is_said(tmp_path):
    held = io.BytesIO(packed()[0])
    with zipfile.ZipFile(held, "a") as archive:
        archive.writestr("more.csv", "x")
    with pytest.raises(Unfit, match=r"more\.csv"):
        unpack(laid(tmp_path, held.getvalue()))
    for content in (b"", b"PK", b"not a zip"):
        with pytest.raises(Unfit, match="no bundle"):
            unpack(laid(tmp_path, content))
    with pytest.raises(Unfit, match="no bundle"):
        unpack(tmp_path / "nowhere.zip")


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)), max_leaves=8,
)  # fmt: skip


@given(VALUES, VALUES)
def test_a_signature_fits_its_answer_and_its_key_alone(told, other):
    answer = {"told": told, "by": "office"}
    whole = {**answer, "signature": sealed(answer, "secret")}
    assert signed(whole, "secret") and not signed(whole, "other") and not signed(answer, "secret")
    changed = {**whole, "told": other}
    assert signed(changed, "secret") == (sealed(changed, "secret") == whole["signature"])
    assert not signed({**whole, "by": "office "}, "secret")


@pytest.mark.parametrize(
    "methods", [{"design": {"controls": "everybody"}}, {"match": {"neighbours": "many"}}, {"beyond": 3}]
)
def test_methods_that_nobody_understands_are_refused(methods):
    with pytest.raises(Unfit):
        checked(Declared("x", "d", ONE.outcomes, 1, methods))


@pytest.mark.parametrize(
    "said", [{}, {"code": "x"}, {"code": "x", "digest": "d", "outcomes": [1], "horizon": 1, "methods": {}}]
)
def test_a_declared_study_that_is_none(said):
    with pytest.raises(Unfit, match="declared"):
        Declared.of(said)
