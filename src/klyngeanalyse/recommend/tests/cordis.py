"""The real projects of Horizon 2020 as links: who took part, who led, in which year, about what."""

import os
from pathlib import Path

import duckdb
import numpy as np

from klyngeanalyse.recommend import Bodies, Links

FOLDER = Path(os.environ.get("KLYNGEFORUM_SHARED_DATA", Path(__file__).resolve().parents[5] / "shared/data")) / "cordis"

PARTICIPATIONS = f"""
select rcn::varchar as link, pic::varchar as member, max(start_year)::bigint as year,
       max(case when role = 'coordinator' then 1 else 0 end) as leads, min(country) as country
from '{FOLDER}/h2020_participations_2014_2020.parquet' where start_year is not null group by all order by 1, 2
"""
TITLES = f"""
select rcn::varchar as link, any_value(concat_ws(' ', title, regexp_replace(theme, '[^A-Za-z]', '', 'g'),
       regexp_replace(topic_code, '[^A-Za-z0-9]', '', 'g'), split_part(topic_code, '-', 1),
       split_part(topic_code, '-', 1) || split_part(topic_code, '-', 2))) as text
from '{FOLDER}/h2020_rcn_to_project_title_link.parquet' group by all order by 1
"""


def cordis(countries=None):
    """(links, bodies, leaders); `countries` keeps the projects with a participant from one of them."""
    rows = duckdb.sql(PARTICIPATIONS).fetchnumpy()
    link, member, country = (np.asarray(rows[name], dtype=str) for name in ("link", "member", "country"))
    kept = np.isin(link, link[np.isin(country, countries)]) if countries else np.ones(len(link), dtype=bool)
    link, member, country, year, leads = (
        link[kept],
        member[kept],
        country[kept],
        rows["year"][kept],
        rows["leads"][kept],
    )
    held = set(link.tolist())
    text = {name: said for name, said in duckdb.sql(TITLES).fetchall() if name in held}
    ids, nth = np.unique(member, return_index=True)
    bodies = Bodies(tuple(ids.tolist()), ("",) * len(ids), area=tuple(country[nth].tolist()))
    leading: dict[str, list[str]] = {}
    for name, who in zip(link[leads == 1].tolist(), member[leads == 1].tolist(), strict=True):
        leading.setdefault(name, []).append(who)
    leaders = {name: who[0] for name, who in leading.items() if len(who) == 1}
    return Links(link, member, year.astype(np.int64), text), bodies, leaders
