"""Days counted in months."""

from __future__ import annotations

import calendar
import datetime


def months_after(day: datetime.date, months: int) -> datetime.date | None:
    """The same day so many months on: the last of its month where that is shorter; None beyond the last year."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    if year > datetime.MAXYEAR:
        return None
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
