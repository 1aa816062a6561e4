"""What is said about the workbook's sheet of titles: what is wrong there, and what is to be filled in."""

from collections.abc import Mapping
from typing import Any

from bot.wording.catalogue import translate
from bot.workbook.layout import Column
from bot.workbook.problems import ProblemKind


def title_problem_text(language: str, kind: ProblemKind, facts: Mapping[str, Any]) -> str:  # noqa: C901, PLR0911 - one for each
    """Say what is wrong with a cell of the sheet, and what to do."""
    match kind:
        case ProblemKind.RECIPIENT_UNKNOWN if facts.get("nearest"):
            return translate(
                language,
                "Nobody on the sheet of attendees has exactly this name and unit; the nearest there is "
                "“%(nearest)s”. Correct it; for somebody who is not on that sheet, write “Có” under "
                "“Ngoài danh sách”.",
                **facts,
            )
        case ProblemKind.RECIPIENT_UNKNOWN:
            return translate(
                language,
                "Nobody on the sheet of attendees has this name. Correct it; for somebody who is not on that "
                "sheet, write “Có” under “Ngoài danh sách”.",
            )
        case ProblemKind.RECIPIENT_AMBIGUOUS:
            return translate(
                language,
                "Several people on the sheet of attendees have this name (rows %(rows)s). Write the unit of "
                "the one who is meant beside it, as it stands there.",
                **facts,
            )
        case ProblemKind.COLLECTIVE_UNKNOWN if facts.get("nearest"):
            return translate(
                language,
                "This collective is not on the sheet of units; the nearest there is “%(nearest)s”. Correct "
                "it; for one that is not on that sheet, write “Có” under “Ngoài danh sách”.",
                **facts,
            )
        case ProblemKind.COLLECTIVE_UNKNOWN:
            return translate(
                language,
                "This collective is not on the sheet of units. Correct it; for one that is not on that "
                "sheet, write “Có” under “Ngoài danh sách”.",
            )
        case ProblemKind.RECIPIENT_TWICE:
            return translate(
                language, "Row %(other)s gives the same title to the same recipient. Delete one.", **facts
            )
        case ProblemKind.DECISION_DIFFERS:
            return translate(
                language, "Row %(other)s says something else of the same decision. Make them alike.", **facts
            )
        case ProblemKind.QUOTA_UNREADABLE:
            return translate(
                language,
                "Expected is a share such as “15%%” or “1/3”, and beside it the other title whose "
                "individuals it is a share of.",
            )
        case ProblemKind.QUOTA_EXCEEDED:
            return translate(
                language,
                "Above the quota: %(individuals)s individuals of %(base)s, where %(quota)s of them is "
                "%(allowed)s. Rounding is a local matter; please check.",
                **facts,
            )
        case ProblemKind.QUOTA_UNCHECKED:
            return translate(
                language, "The quota can't be checked: no row of this sheet has the title that it is of."
            )
        case ProblemKind.TITLES_TOO_MANY:
            return translate(language, "There are more than %(limit)s decisions on titles.", **facts)
        case _:
            return translate(language, "This title has more than %(limit)s recipients.", **facts)


def title_column_note(column: Column, language: str) -> str:
    """Give what is to be filled in, beside a heading; "" where the heading says it all."""
    match column:
        case Column.TITLE_NAME:
            return translate(
                language, "One row for each recipient. Title and number, repeated, tell which decision it is."
            )
        case Column.RECIPIENT:
            return translate(
                language,
                "A unit as on the sheet “Đơn vị”, or a person's full name as on the sheet “Đại biểu”.",
            )
        case Column.IS_UNLISTED:
            return translate(
                language, "“Có” for who stands on neither sheet: named only, and told nothing by the bot."
            )
        case Column.QUOTA:
            return translate(
                language, "Not required: at most this share, for example 15%%. It only gives a warning."
            )
        case Column.QUOTA_OF:
            return translate(language, "The title whose individuals the quota is a share of.")
        case _:
            return ""
