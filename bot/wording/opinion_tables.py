"""What is said in and about a table of opinions: notes beside its headings, and what is wrong in a row."""

from bot.wording.catalogue import translate
from bot.workbook.layout import Column
from bot.workbook.problems import Problem, ProblemKind


def opinion_column_note(column: Column, language: str) -> str:
    """Give what is to be filled in; "" where the heading says it all."""
    match column:
        case Column.OPINION:
            return translate(language, "The number in the meeting; empty for a new opinion.")
        case Column.OPINION_ITEM:
            return translate(language, "The item's number; empty for the meeting as a whole.")
        case Column.AUTHOR:
            return translate(language, "A unit of the meeting, or an attendee as in the list.")
        case Column.OPINION_KIND | Column.OUTCOME:
            return translate(language, "Choose from the list.")
        case Column.ANSWER:
            return translate(
                language, "The words in which it is taken up or answered; all attendees can read them."
            )
        case _:
            return ""


def opinion_problem_text(problem: Problem, language: str) -> str:
    """Give what is expected in a row of the table, or is to be done."""
    match problem.kind:
        case ProblemKind.AUTHOR_UNKNOWN if problem.facts.get("nearest"):
            return translate(
                language,
                "No attendee and no unit of the meeting is called so; the nearest is “%(nearest)s”.",
                nearest=problem.facts["nearest"],
            )
        case ProblemKind.AUTHOR_UNKNOWN:
            return translate(
                language, "No attendee and no unit of the meeting is called so. Write it as in the list."
            )
        case ProblemKind.AUTHOR_AMBIGUOUS:
            return translate(
                language, "Several attendees are called so. Write the unit after the name, in brackets."
            )
        case ProblemKind.OPINION_ITEM_UNKNOWN:
            return translate(language, "Expected is the number of an item on the agenda, or its title.")
        case ProblemKind.OPINION_UNKNOWN:
            return translate(
                language,
                "No opinion of the meeting has this number. Leave it empty for a new opinion, or get the "
                "newest table.",
            )
        case ProblemKind.OPINION_DIFFERS:
            return translate(
                language, "The opinion of this number reads otherwise in the meeting. Get the newest table."
            )
        case ProblemKind.OPINION_TWICE:
            return translate(
                language,
                "This opinion stands in row %(other)s already. Delete one of them.",
                other=problem.facts["other"],
            )
        case ProblemKind.ADDITION_LATE:
            return translate(
                language,
                "This item is decided: nothing can be added to its text. Choose another kind of opinion.",
            )
        case _:
            return translate(language, "An opinion that is answered needs the answer beside it.")
