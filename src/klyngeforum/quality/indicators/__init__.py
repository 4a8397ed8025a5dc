"""Quality schemes as data: indicators, levels, label rules and what they make of a situation (kvalitetsindikatorer, strategy 5.1)."""
