"""What is said in and about workbooks with criteria and scores."""

from collections.abc import Mapping

from bot.wording.catalogue import translate
from bot.workbook.layout import Column
from bot.workbook.problems import ProblemKind
from meeting.points import PLACES


def score_problem_text(language: str, kind: ProblemKind, facts: Mapping[str, str]) -> str:
    """Say what is wrong with points, a criterion or its code, and what to do."""
    if kind in _OF_POINTS:
        return _points_text(language, kind, facts)
    match kind:
        case ProblemKind.CODE_MISSING:
            return translate(
                language,
                "This row has no code, so that it is no criterion. Delete the row, or copy its code back.",
            )
        case ProblemKind.CODE_UNKNOWN:
            return translate(
                language, "This code is none of this sheet's. Take the file that the bot handed out for it."
            )
        case ProblemKind.CODE_TWICE:
            return translate(language, "Row %(other)s has the same criterion. Keep one of them.", **facts)
        case ProblemKind.CRITERION_LEFT_OUT:
            return translate(language, "The criterion “%(expected)s” has no row. Put it back.", **facts)
        case ProblemKind.CRITERIA_SUM:
            return translate(
                language, "The points come to %(sum)s, but the scale is %(scale)s. Correct them.", **facts
            )
        case ProblemKind.CRITERIA_ADVISORY:
            return translate(
                language, "On this item the meeting only gives its opinion: it can't adopt criteria with it."
            )
        case ProblemKind.CRITERIA_APART:
            return translate(
                language,
                "The criteria of this item begin in row %(other)s. Put all of an item one after the other.",
                **facts,
            )
        case _:
            return translate(
                language, "There is no such item: the agenda has %(count)s. Write the item's number.", **facts
            )


_OF_POINTS = frozenset(
    {
        ProblemKind.POINTS_UNREADABLE,
        ProblemKind.POINTS_AMBIGUOUS,
        ProblemKind.POINTS_NEGATIVE,
        ProblemKind.POINTS_TOO_FINE,
        ProblemKind.POINTS_BEYOND,
        ProblemKind.POINTS_ZERO,
    }
)


def _points_text(language: str, kind: ProblemKind, facts: Mapping[str, str]) -> str:
    match kind:
        case ProblemKind.POINTS_UNREADABLE:
            return translate(language, "Expected are points in figures: 9,5.")
        case ProblemKind.POINTS_AMBIGUOUS:
            return translate(
                language,
                "This may be a thousand or a fraction. Write 1000, or the fraction with four places.",
            )
        case ProblemKind.POINTS_NEGATIVE:
            return translate(
                language, "Points are never negative; what is taken off is written without minus."
            )
        case ProblemKind.POINTS_TOO_FINE:
            return translate(language, "At most %(places)s decimal places are possible.", places=PLACES)
        case ProblemKind.POINTS_BEYOND:
            return translate(language, "At most %(most)s points are possible here.", **facts)
        case _:
            return translate(language, "The most has to be above 0.")


def score_column_note(column: Column, language: str) -> str:
    """Say what belongs into a column of criteria or scores; "" where its heading says it."""
    match column:
        case Column.ITEM_NUMBER:
            return translate(
                language,
                "The number on the agenda of the item that adopts these criteria; below, it may be left out.",
            )
        case Column.SCALE:
            return translate(
                language, "What the points come to, for example 100 or 1000; below, it may be left out."
            )
        case Column.LEAD_UNIT:
            return translate(
                language, "Not required: the unit that leads the cluster and verifies the sheets."
            )
        case Column.HAS_CROSS_SCORES:
            return translate(language, "“Có” where units score each other, too.")
        case Column.CRITERION_KIND:
            return translate(language, "Bonus and penalty don't count for the scale.")
        case Column.MOST:
            return translate(language, "What the criterion gives at most, or takes off.")
        case Column.POINTS:
            return translate(language, "From 0 to the most, up to four decimal places. Type no formula.")
        case Column.EVIDENCE:
            return translate(language, "Not required: papers, decisions, figures; at most 1,000 characters.")
        case Column.CODE:
            return translate(language, "By this the bot knows the row. Don't change it.")
        case _:
            return ""
