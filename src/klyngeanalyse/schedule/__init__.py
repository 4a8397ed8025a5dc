"""Who meets whom when and where at a seminar (mødeplan): wishes into a timetable, with a proven bound beside it."""

from klyngeanalyse.schedule.plan import plan
from klyngeanalyse.schedule.replan import Replanned, replan
from klyngeanalyse.schedule.results import Days, Summary, Timetable, Unmet, days, summary, unmet
from klyngeanalyse.schedule.seminar import Seminar, seminar

__all__ = [
    "Days", "Replanned", "Seminar", "Summary", "Timetable", "Unmet", "days", "plan", "replan", "seminar", "summary", "unmet",
]  # fmt: skip
