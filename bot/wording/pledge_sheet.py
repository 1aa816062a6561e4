"""What is said about the workbook's sheet of the pledge: what is wrong there, and what is to be filled in."""

from collections.abc import Mapping
from typing import Any

from bot.wording.catalogue import translate
from bot.workbook.layout import Column
from bot.workbook.problems import ProblemKind


def pledge_problem_text(language: str, kind: ProblemKind, facts: Mapping[str, Any]) -> str:
    """Say what is wrong with a cell of the sheet, and what to do."""
    match kind:
        case ProblemKind.PARTY_TWICE:
            return translate(
                language,
                "Row %(other)s has this party already, and a party has one signer. Delete one of the rows.",
                **facts,
            )
        case ProblemKind.SIGNER_TWICE:
            return translate(
                language,
                "This person signs in row %(other)s already. Nobody signs for two parties: name another.",
                **facts,
            )
        case ProblemKind.SIGNER_AMBIGUOUS:
            return translate(
                language,
                "Several people on the sheet of attendees have this name (rows %(rows)s). Add to their names "
                "what tells them apart, and write it so here.",
                **facts,
            )
        case ProblemKind.SIGNER_RESEMBLES:
            return translate(
                language,
                "The sheet of attendees has “%(nearest)s”, with other marks. Write the name as it stands "
                "there; if somebody else is meant, add what tells them apart.",
                **facts,
            )
        case ProblemKind.WITNESS_DIFFERS:
            return translate(
                language, "Row %(other)s names another witness. Write the witness in one row only.", **facts
            )
        case _:
            return translate(
                language,
                "The agenda has no item of the kind “Giao ước thi đua”. Add one, with the pledge's text.",
            )


def pledge_column_note(column: Column, language: str) -> str:
    """Give what is to be filled in, beside a heading."""
    match column:
        case Column.PARTY:
            return translate(
                language, "One row for each party: the two parties of an agency, or each unit of a cluster."
            )
        case Column.SIGNER:
            return translate(
                language, "One for each party, often its head; need not be on the sheet “Đại biểu”."
            )
        case _:
            return translate(language, "In one row: name and position of who witnesses the pledge.")
