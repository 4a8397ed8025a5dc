"""140 British companies of 1976–84 that come and go (Arellano and Bond 1991): a real unbalanced panel, checked and estimated."""

import numpy as np
import pytest

from klyngeanalyse.core.engines import DuckEngine
from klyngeanalyse.effects.design import Design
from klyngeanalyse.effects.grouptime import group_time
from klyngeanalyse.effects.tests.data import SHARED, companies, plain_att, shared
from klyngeanalyse.panel.check import check
from klyngeanalyse.panel.schema import PanelSchema

FIRMS = SHARED / "causal_panels" / "plm_EmplUK.csv.gz"
# nobody is treated in truth: a third is called participants of 1980, a third of 1982
MADE_UP = "case firm % 3 when 0 then 1980 when 1 then 1982 else 0 end"


@pytest.fixture(scope="module")
def engine():
    engine = DuckEngine()
    engine.open("raw", shared(FIRMS))
    engine.run(
        f"create view uk as select firm as company, year, ln(emp) as y, ln(capital) as x, {MADE_UP} as first from raw"
    )
    yield engine
    engine.close()


def test_the_check_finds_the_published_structure(engine):
    """Observations by year and firms by observations as the article's data appendix lists them."""
    found = check(engine, "uk", PanelSchema(outcomes=("y",), signed=("y",), first_participation="first"))
    assert (found.n_rows, found.n_companies, found.balanced, found.n_gaps) == (1031, 140, False, 0)
    assert [one.companies for one in found.years] == [80, 138, 140, 140, 140, 140, 140, 78, 35]
    held = engine.arrow(
        "select n, count(*) as c from (select count(*) as n from uk group by company) as a group by n order by n"
    )
    assert held.to_pydict() == {"n": [7, 8, 9], "c": [103, 23, 14]}
    assert not [one for one in found.faults if one.grave]


@pytest.mark.parametrize("controls", ["never", "not_yet"])
@pytest.mark.parametrize("method", ["none", "dr"])
def test_who_comes_and_goes_is_compared_where_both_years_are_there(engine, controls, method):
    covariates = ("x",) if method == "dr" else ()
    schema = PanelSchema(outcomes=("y",), signed=("y",), first_participation="first")
    design = Design(covariates=covariates, method=method if covariates else "dr", controls=controls, at=1978)
    found = group_time(engine, "uk", schema, design)["y"]
    table = engine.arrow("select * from uk order by company, year").to_pydict()
    fixed = dict(engine.connection.sql("select company, x from uk where year = 1978").fetchall())
    table["x"] = [fixed[one] for one in table["company"]]
    plain = companies(table)
    assert {cell.year for cell in found.cells} >= {1977, 1978, 1983, 1984}
    for cell in found.cells:
        att, stderr, inside, outside = plain_att(plain, cell.cohort, cell.year, cell.base_year, controls, method)
        assert (cell.n_treated, cell.n_control) == (inside, outside)
        assert (cell.estimate, cell.stderr) == pytest.approx((att, stderr), rel=1e-6, abs=1e-9)
    assert np.abs(found.estimate / found.stderr).max() < 4  # what was made up has no effect
