"""What the bundle tells the people who count it, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from .terms import Protocol

_DA = """# Studiet {code}

{question}

Pakken er lavet til at blive talt dér, hvor registret ligger, med klyngeanalyse alene (Python 3.11, ingen adgang til internettet).

## Hvad panelet skal indeholde

En fil (Parquet eller CSV) med én række for hver virksomhed og år og mindst kolonnerne

    {columns}

`company` er virksomhedens CVR-nummer, `year` årstallet. Virksomheder, der ikke er med i participants.csv, er sammenligningsgruppen.

## Sådan tælles det

    pip install klyngeanalyse-*.whl
    klyngeanalyse study panel.parquet --bundle {code}.zip --by "Institutionens navn" --out svar

Protokollen er frosset og kan ikke ændres. participants.csv har {companies} virksomheder med det år, de begyndte.

## Hvad der kommer ud

Mappen `svar`. Send filen `svar/result.json` tilbage. Den indeholder kun tal over mindst {least} deltagende virksomheder og ingen virksomheder.
Svaret er underskrevet med nøglen i pakken: det viser, at det kommer fra en, der havde pakken, og ikke er ændret siden af andre. Det beviser
ikke, at der er talt rigtigt.
"""

_EN = """# The study {code}

{question}

The bundle is made to be counted where the register is, with klyngeanalyse alone (Python 3.11, no access to the internet).

## What the panel must hold

A file (Parquet or CSV) with one row for each company and year and at least the columns

    {columns}

`company` is the company's CVR number, `year` the year. Companies that are not in participants.csv are the comparison group.

## How to count it

    pip install klyngeanalyse-*.whl
    klyngeanalyse study panel.parquet --bundle {code}.zip --by "Name of the institution" --out answer

The protocol is frozen and cannot be changed. participants.csv has {companies} companies with the year in which they began.

## What comes out

The folder `answer`. Send the file `answer/result.json` back. It holds only numbers over at least {least} participating companies and no company.
The answer is signed with the key in the bundle: that shows that it comes from somebody who had the bundle and that nobody else has changed it
since. It does not prove that the counting was right.
"""


def how_to_count(protocol: Protocol, columns: Iterable[str], companies: int, least: Decimal) -> Mapping[str, str]:
    """File -> text."""
    said = {"code": protocol.code, "columns": ", ".join(columns), "companies": companies, "least": f"{least:g}"}
    return {
        "LAESMIG.md": _DA.format(question=protocol.question.say("da"), **said),
        "README.md": _EN.format(question=protocol.question.say("en"), **said),
    }
