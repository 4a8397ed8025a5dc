"""Numbers, money, shares and days the way the reader's language writes them (Babel, CLDR)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext

from klyngeforum.ground.period import date_of

Number = int | float | Decimal


def _locale() -> str:
    return "en_GB" if (get_language() or "da").startswith("en") else "da_DK"


def grouped(value: Number | None, decimals: int | None = None) -> str:
    """1.234,5 in Danish, 1,234.5 in English; nothing known is a dash."""
    if value is None:
        return "–"
    if decimals is None:
        decimals = 0 if Decimal(str(value)) % 1 == 0 else 1
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=_locale()))


def share(part: Number, decimals: int = 0) -> str:
    """A share as "13 pct." in Danish and "13%" in English; a fall with a true minus sign, and nothing without one."""
    hundredths = grouped(Decimal(str(part)) * 100, decimals)
    nothing = not any(digit in hundredths for digit in "123456789")
    return gettext("%(number)s per cent") % {"number": hundredths.replace("-", "" if nothing else "−")}


def day(value: date | datetime | None) -> str:
    """5. marts 2012; of a moment the day that it is of in the country."""
    when = date_of(value) if isinstance(value, datetime) else value
    return format_date(when, format="long", locale=_locale()) if when else "–"


def unit_of(value: int | float | Decimal, unit: str) -> tuple[str, str]:
    """A readable size of money: 290 mio. kr. instead of 290.000.000."""
    amount = Decimal(str(value))
    if unit == "DKK" and amount.copy_abs() >= 1_000_000:
        return grouped(amount / 1_000_000, 0 if amount.copy_abs() >= 10_000_000 else 1), gettext("DKK million")
    return grouped(value), gettext("DKK") if unit == "DKK" else unit


def kroner(value: Number | None) -> str:
    """An amount to the øre, without decimals where there are none: 1.234,50 or 1.234."""
    return grouped(value) if value is None or Decimal(str(value)) % 1 == 0 else grouped(value, 2)
