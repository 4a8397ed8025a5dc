"""A small made-up table of employment by region and industry, in the layout of the StatBank: five regions, eleven divisions, two years."""

from __future__ import annotations

from klyngeforum.results.strengths.actions import take_in_table

from .cast import AT, YEAR

REGIONS = ("Region Nordjylland", "Region Midtjylland", "Region Syddanmark", "Region Hovedstaden", "Region Sjælland")
DIVISIONS = ("10", "13", "20", "22", "24", "25", "28", "47", "62", "84", "86")
STRONG, SMALL, GONE = ("Region Syddanmark", "28"), ("Region Nordjylland", "13"), ("Region Sjælland", "22")


def jobs(region: str, division: str, year: int) -> tuple[int, int]:
    """(employees, workplaces): alike everywhere, but for one strength that grows, one handful and one gap."""
    if (region, division) == STRONG:
        return (1500 if year < YEAR else 2000), 60
    if (region, division) == SMALL:
        return 4, 1
    if (region, division) == GONE:
        return 0, 0
    size = 400 + 60 * REGIONS.index(region) + 7 * DIVISIONS.index(division)
    return (size if year < YEAR else size + 10), 25


def statbank(regions=REGIONS, divisions=DIVISIONS) -> str:
    lines = ["OMRÅDE;BRANCHE07;ENHED;TID;INDHOLD"]
    for year in (YEAR - 2, YEAR):
        for region in regions:
            for division in divisions:
                people, places = jobs(region, division, year)
                lines += [f"{region};{division} Branche;Ansatte;{year};{people}", f"{region};{division} Branche;Arbejdssteder;{year};{places}"]  # fmt: skip
    return "\n".join(lines) + "\n"


def tabled(stage, text: str = "", recipe: str = "statbank-regions"):
    """The table as the cast's analyst took it in; its number."""
    content = (text or statbank()).encode()
    run = take_in_table(by=stage.people["analyst"], at=AT, recipe_code=recipe, content=content, file_name="opdigtet.csv", source="Opdigtet tabel", dry_run=False, made_up=True)  # fmt: skip
    return run.number
