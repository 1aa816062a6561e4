"""What is said about a workbook: how it is filled in, and what is wrong with it."""

from typing import assert_never

from bot.wording.catalogue import translate
from bot.wording.numbers import plain_count
from bot.wording.opinion_tables import opinion_column_note, opinion_problem_text
from bot.wording.pledge_sheet import pledge_column_note, pledge_problem_text
from bot.wording.score_sheets import score_column_note, score_problem_text
from bot.wording.title_sheet import title_column_note, title_problem_text
from bot.workbook.layout import Column
from bot.workbook.problems import Fact, Problem, ProblemKind


def problem_text(problem: Problem, language: str) -> str:
    """Give a problem on one line: where, what was found, what was expected or is to be done."""
    place, found, advice = _place(problem, language), _found(problem, language), _advice(problem, language)
    said = f"{found} {advice}" if found else advice
    return f"{place}: {said}" if place else said


def _place(problem: Problem, language: str) -> str:
    if not problem.sheet:
        return ""
    if problem.row is None:
        return translate(language, "Sheet “%(sheet)s”", sheet=problem.sheet)
    if not problem.column:
        return translate(language, "Sheet “%(sheet)s”, row %(row)s", sheet=problem.sheet, row=problem.row)
    column = f"{problem.column} ({problem.heading})" if problem.heading else problem.column
    return translate(
        language,
        "Sheet “%(sheet)s”, row %(row)s, column %(column)s",
        sheet=problem.sheet,
        row=problem.row,
        column=column,
    )


def _found(problem: Problem, language: str) -> str:
    return (
        translate(language, "found “%(found)s”.", found=problem.found)
        if problem.sheet and problem.found
        else ""
    )


def _advice(problem: Problem, language: str) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one for each kind
    kind, facts = problem.kind, {name: _fact_text(fact, language) for name, fact in problem.facts.items()}
    match kind:
        case ProblemKind.EMPTY_FILE:
            return translate(language, "The file is empty. Save the workbook and send it again.")
        case ProblemKind.FILE_TOO_LARGE:
            return translate(
                language,
                "The file is larger than %(limit)s MB. Take out pictures and unused sheets, or copy the "
                "filled "
                "cells into a fresh workbook, and send that.",
                **facts,
            )
        case ProblemKind.UNPACKED_TOO_LARGE:
            return translate(
                language,
                "What is packed in the file is larger than %(limit)s MB. Copy the filled cells into a fresh "
                "workbook and send that.",
                **facts,
            )
        case ProblemKind.OLD_XLS:
            return translate(
                language,
                "This is an old Excel file (.xls). Open it in Excel, choose “Save As”, “Excel Workbook "
                "(.xlsx)”, "
                "and send the new file.",
            )
        case ProblemKind.PASSWORD:
            return translate(
                language,
                "The file is locked with a password. Take the password away, save it and send it again.",
            )
        case ProblemKind.MACROS:
            return translate(
                language,
                "The file contains macros (.xlsm), which are not accepted. Choose “Save As”, “Excel Workbook "
                "(.xlsx)”, and send the new file.",
            )
        case ProblemKind.BINARY_WORKBOOK:
            return translate(
                language,
                "This is a binary workbook (.xlsb). Choose “Save As”, “Excel Workbook (.xlsx)”, and send "
                "the new file.",
            )
        case ProblemKind.OPEN_DOCUMENT:
            return translate(
                language,
                "This is an OpenDocument file (.ods). Choose “Save As”, “Excel Workbook (.xlsx)”, and "
                "send the "
                "new file.",
            )
        case ProblemKind.TEXT_FILE:
            return translate(
                language,
                "“%(name)s” is a text file, not a workbook. Copy its data into the workbook that the bot "
                "handed "
                "out and send that.",
                name=problem.found,
            )
        case ProblemKind.NOT_A_WORKBOOK:
            return translate(
                language,
                "“%(name)s” is not an Excel workbook, whatever its name ends in. Send the .xlsx file "
                "that the bot "
                "handed out, filled in.",
                name=problem.found,
            )
        case ProblemKind.DAMAGED:
            return translate(
                language,
                "The file can't be read: it is damaged, or was not saved completely. Open it in Excel, "
                "save it anew "
                "as “Excel Workbook (.xlsx)” and send that.",
            )
        case ProblemKind.SHEET_MISSING:
            return translate(
                language,
                "The sheet “%(expected)s” is missing. Take the workbook that the bot handed out; sheets "
                "keep their "
                "names.",
                **facts,
            )
        case ProblemKind.SHEET_TWICE:
            return translate(language, "There is another sheet of this name. Keep one of them.")
        case ProblemKind.SHEET_HIDDEN:
            return translate(language, "This sheet is hidden, and is read all the same.")
        case ProblemKind.SHEET_NOT_READ:
            return translate(language, "The bot does not know this sheet and does not read it.")
        case ProblemKind.TOO_MANY_ROWS:
            return translate(
                language,
                "There are more than %(limit)s filled rows. Delete those that are not needed.",
                **facts,
            )
        case ProblemKind.ROWS_HIDDEN:
            return translate(language, "Rows %(rows)s are hidden, and are read all the same.", **facts)
        case ProblemKind.HEADING_MISSING:
            return translate(language, "There is no column “%(expected)s”. Put the heading back.", **facts)
        case ProblemKind.HEADING_TWICE:
            return translate(language, "Column %(other)s means the same. Keep one of them.", **facts)
        case ProblemKind.HEADING_NOT_READ:
            return translate(language, "The bot does not know this column and does not read it.")
        case ProblemKind.HEADING_EMPTY:
            return translate(language, "This column has no heading and is not read.")
        case ProblemKind.LABEL_MISSING:
            return translate(language, "There is no row “%(expected)s”. Add it and fill it in.", **facts)
        case ProblemKind.LABEL_TWICE:
            return translate(language, "Row %(other)s means the same. Keep one of them.", **facts)
        case ProblemKind.LABEL_NOT_READ:
            return translate(language, "The bot does not know this row and does not read it.")
        case ProblemKind.MERGED:
            return translate(
                language, "The cells %(cells)s are merged. Unmerge them and fill in every row.", **facts
            )
        case ProblemKind.FORMULA:
            return translate(
                language, "This is a formula. Copy the cell and paste it in the same place as a value."
            )
        case ProblemKind.ERROR_VALUE:
            return translate(language, "Excel shows an error here. Type what it should be.")
        case ProblemKind.EMPTY:
            return translate(language, "The cell is empty and has to be filled in.")
        case ProblemKind.TOO_LONG:
            return translate(
                language, "This has %(length)s characters; at most %(limit)s are possible.", **facts
            )
        case ProblemKind.NOT_TEXT:
            return translate(language, "Expected is a text, not a number or a day.")
        case ProblemKind.NO_LETTERS:
            return translate(language, "Expected is a name in letters.")
        case ProblemKind.DATE_UNREADABLE:
            return translate(
                language, "Expected is a day as day/month/year with four figures for the year: 30/12/2026."
            )
        case ProblemKind.TIME_UNREADABLE:
            return translate(language, "Expected is a time of day: 14:00.")
        case ProblemKind.TIME_TWICE:
            return translate(language, "The day's cell says %(other)s. Keep one of the two times.", **facts)
        case ProblemKind.TIMEZONE_UNKNOWN:
            return translate(
                language, "Expected is the name of a time zone: Asia/Ho_Chi_Minh. Leave it empty for Vietnam."
            )
        case ProblemKind.NUMBER_UNREADABLE:
            return translate(language, "Expected is a whole number of people: 61.")
        case ProblemKind.PHONE_UNREADABLE:
            return translate(language, "Expected is one phone number: 0912 345 678 or +84 912 345 678.")
        case ProblemKind.SHARE_UNREADABLE:
            return translate(
                language, "Expected is a share as text: “ít nhất 2/3”, “trên 1/2” or “trên 50%%”."
            )
        case ProblemKind.SHARE_AMBIGUOUS:
            return translate(
                language,
                "Exactly half may or may not be enough. Write “trên 1/2” (more than half) or “ít nhất "
                "1/2” (half "
                "or more).",
            )
        case (
            ProblemKind.POINTS_UNREADABLE
            | ProblemKind.POINTS_AMBIGUOUS
            | ProblemKind.POINTS_NEGATIVE
            | ProblemKind.POINTS_TOO_FINE
            | ProblemKind.POINTS_BEYOND
            | ProblemKind.POINTS_ZERO
            | ProblemKind.CODE_MISSING
            | ProblemKind.CODE_UNKNOWN
            | ProblemKind.CODE_TWICE
            | ProblemKind.CRITERION_LEFT_OUT
            | ProblemKind.CRITERIA_SUM
            | ProblemKind.ITEM_UNKNOWN
            | ProblemKind.CRITERIA_ADVISORY
            | ProblemKind.CRITERIA_APART
        ):
            return score_problem_text(language, kind, facts)
        case ProblemKind.ADVISORY_PROCEDURE:
            return translate(
                language, "The meeting itself decides on its procedure: write “Không”, or leave it empty."
            )
        case (
            ProblemKind.RECIPIENT_UNKNOWN
            | ProblemKind.RECIPIENT_AMBIGUOUS
            | ProblemKind.COLLECTIVE_UNKNOWN
            | ProblemKind.RECIPIENT_TWICE
            | ProblemKind.DECISION_DIFFERS
            | ProblemKind.QUOTA_UNREADABLE
            | ProblemKind.QUOTA_EXCEEDED
            | ProblemKind.QUOTA_UNCHECKED
            | ProblemKind.TITLES_TOO_MANY
            | ProblemKind.RECIPIENTS_TOO_MANY
        ):
            return title_problem_text(language, kind, facts)
        case (
            ProblemKind.PARTY_TWICE
            | ProblemKind.SIGNER_TWICE
            | ProblemKind.SIGNER_AMBIGUOUS
            | ProblemKind.SIGNER_RESEMBLES
            | ProblemKind.WITNESS_DIFFERS
            | ProblemKind.PLEDGE_ITEM_MISSING
        ):
            return pledge_problem_text(language, kind, facts)
        case ProblemKind.CHOICE_UNKNOWN:
            return translate(language, "Expected is one of: %(expected)s.", **facts)
        case ProblemKind.UNIT_TWICE:
            return translate(
                language, "This unit stands in row %(other)s already. Delete one of them.", **facts
            )
        case ProblemKind.UNIT_UNKNOWN if problem.facts.get("nearest"):
            return translate(
                language,
                "This unit is not on the sheet of units; the nearest there is “%(nearest)s”. Correct it "
                "or add it "
                "there.",
                **facts,
            )
        case ProblemKind.UNIT_UNKNOWN:
            return translate(language, "This unit is not on the sheet of units. Correct it or add it there.")
        case (
            ProblemKind.AUTHOR_UNKNOWN
            | ProblemKind.AUTHOR_AMBIGUOUS
            | ProblemKind.OPINION_ITEM_UNKNOWN
            | ProblemKind.ANSWER_MISSING
            | ProblemKind.OPINION_UNKNOWN
            | ProblemKind.OPINION_DIFFERS
            | ProblemKind.OPINION_TWICE
            | ProblemKind.ADDITION_LATE
        ):
            return opinion_problem_text(problem, language)
        case ProblemKind.UNITS_MISSING:
            return translate(
                language, "Attendees have units, but no unit is listed here. List each unit once."
            )
        case ProblemKind.UNIT_NEEDED:
            return translate(language, "This meeting goes by units: say which unit this delegate speaks for.")
        case ProblemKind.UNIT_UNREPRESENTED:
            return translate(
                language, "This unit has no delegate, and counts as absent as long as it has none."
            )
        case ProblemKind.SEVERAL_REPRESENTATIVES:
            return translate(
                language,
                "This unit has %(count)s delegates, but one vote: the first one present casts it.",
                **facts,
            )
        case ProblemKind.PERSON_TWICE:
            return translate(
                language,
                "Row %(other)s has the same name in the same unit. Delete one of them; for two people, "
                "add to the "
                "name what tells them apart.",
                **facts,
            )
        case ProblemKind.PERSON_SIMILAR:
            return translate(
                language,
                "Row %(other)s has nearly the same name: “%(name)s”. Check that these are two people.",
                **facts,
            )
        case ProblemKind.NAME_SHARED:
            return translate(
                language, "Row %(other)s has the same name. Check that these are two people.", **facts
            )
        case ProblemKind.PHONE_TWICE:
            return translate(
                language,
                "Row %(other)s has the same phone number. Each person has an own number, or none.",
                **facts,
            )
        case ProblemKind.NO_VOTING_ATTENDEE:
            return translate(language, "Nobody here may vote. At least one delegate is needed.")
        case ProblemKind.NO_CHAIR:
            return translate(language, "Nobody has the role of the chair. It can be given later too.")
        case ProblemKind.NO_ITEMS:
            return translate(language, "The agenda is empty. Items can be added later too.")
        case ProblemKind.HEADCOUNT_TOO_SMALL:
            return translate(
                language,
                "There are %(count)s delegates who may vote, which is more. Correct the number, or leave "
                "it empty.",
                **facts,
            )
        case ProblemKind.HEADCOUNT_MISSING:
            return translate(
                language,
                "The quorum is a share of the whole staff, whose number is missing: the delegates "
                "summoned will "
                "stand for it.",
            )
        case ProblemKind.IN_THE_PAST:
            return translate(language, "This day is past. Check day, month and year.")
        case ProblemKind.EXAMPLE_LEFT:
            return translate(
                language, "%(count)s people of the example are still on the list. Delete their rows.", **facts
            )
    assert_never(kind)


def _fact_text(fact: Fact, language: str) -> str:
    match fact:
        case int():
            return plain_count(fact, language)
        case str():
            return fact
        case _:
            return "; ".join(f"“{word}”" for word in fact)


def guide_lines(language: str) -> tuple[str, ...]:
    """Give the guide at the front of the workbook: its title, then a paragraph each."""
    return (
        translate(language, "How to fill in this workbook"),
        translate(
            language,
            "1. The workbook is filled with an invented example. Overwrite it, and delete the rows that "
            "are left "
            "over.",
        ),
        translate(
            language,
            "2. Sheets “Hội nghị”, “Đơn vị”, “Đại biểu” and “Chương trình” are read; this one and “Danh "
            "mục” are "
            "for you. Keep the names of sheets and headings. Columns may be moved; what has a star (*) "
            "has to be "
            "filled in.",
        ),
        translate(
            language,
            "3. First list the units, then the attendees: the drop-down offers the units that you "
            "listed. Choose "
            "from the drop-downs instead of typing.",
        ),
        translate(
            language,
            "4. From another table, paste values only (right mouse button, “Paste Special”, “Values”). "
            "Formulas and "
            "merged cells are not accepted.",
        ),
        translate(
            language,
            "5. Save as .xlsx and send the file to the bot. You see what was read before anything is "
            "stored; if "
            "something is wrong, the bot says in which sheet, row and column, and nothing is stored.",
        ),
        translate(
            language,
            "6. Phone numbers are personal data: give only those that are needed, and share this file "
            "with nobody "
            "else.",
        ),
        translate(
            language,
            "7. The sheet “Danh hiệu” is for decisions on titles to be announced, a row for each recipient. "
            "Leave it empty where there are none.",
        ),
        translate(
            language,
            "8. The sheet “Giao ước” is for the parties of an emulation pledge and who signs for each. Leave "
            "it empty where there is none; the parties can be proposed from the units later too.",
        ),
        translate(
            language,
            "9. The sheet “Tiêu chí chấm điểm” is for the criteria by which a cluster's units score "
            "themselves. Leave it empty where there are none; the points come to the scale, bonus and "
            "penalty beside it.",
        ),
    )


def column_note(column: Column, language: str) -> str:  # noqa: C901, PLR0911, PLR0912 - one for each column
    """Give what is to be filled in, beside a heading; "" where the heading says it all."""
    match column:
        case Column.TITLE:
            return translate(language, "The full name, as on the invitation.")
        case Column.TEMPLATE:
            return translate(language, "Choose from the list. It decides the usual quorum and majority.")
        case Column.HOST:
            return translate(language, "The agency or union that holds the meeting.")
        case Column.PLACE:
            return translate(language, "Room and address.")
        case Column.DATE:
            return translate(language, "Day/month/year: 30/12/2026.")
        case Column.TIME:
            return translate(language, "24 hours: 14:00.")
        case Column.TIMEZONE:
            return translate(language, "Empty: Asia/Ho_Chi_Minh.")
        case Column.HEADCOUNT:
            return translate(
                language, "The whole staff, also those who are not summoned; the quorum may be a share of it."
            )
        case Column.HAS_UNION:
            return translate(language, "Whether the agency has a grassroots union.")
        case Column.QUORUM_KIND | Column.BASE_KIND:
            return translate(language, "Empty: as usual for this kind of meeting. Else choose from the list.")
        case Column.QUORUM:
            return translate(
                language, "Empty: as usual for this kind of meeting. Else for example “ít nhất 2/3”."
            )
        case Column.THRESHOLD:
            return translate(
                language, "Empty: as usual for this kind of meeting. Else for example “trên 1/2”."
            )
        case Column.RULE_SOURCE:
            return translate(
                language, "The article or rules of procedure that quorum and majority come from."
            )
        case Column.IS_VERIFIED:
            return translate(
                language, "“Có” only if somebody has checked the source; else it is marked as unchecked."
            )
        case Column.UNIT_NAME:
            return translate(language, "Each unit once, with its full name.")
        case Column.NAME:
            return translate(language, "Family name and given name, with all marks. One row for each person.")
        case Column.UNIT:
            return translate(language, "Choose from the list, which comes from the sheet “Đơn vị”.")
        case Column.STANDING:
            return translate(
                language,
                "Only a “Đại biểu chính thức” votes and counts for the quorum; an empty cell means that.",
            )
        case Column.ROLE:
            return translate(language, "“Chủ tọa” presides, “Thư ký” runs attendance and votes. Else empty.")
        case Column.PHONE:
            return translate(language, "Not required. It helps to recognise the person in chat.")
        case Column.ITEM_TITLE:
            return translate(language, "In the order of the meeting, one row for each item.")
        case Column.KIND:
            return translate(
                language,
                "Choose from the list. “Thủ tục” and “Hình thức biểu quyết” come before the quorum "
                "is stated.",
            )
        case Column.IS_ADVISORY:
            return translate(
                language, "“Có” where the meeting only gives its opinion and the head of the agency decides."
            )
        case Column.TEXT:
            return translate(language, "Not required: the text that is voted on, at most 20,000 characters.")
        case (
            Column.ITEM_NUMBER
            | Column.SCALE
            | Column.LEAD_UNIT
            | Column.HAS_CROSS_SCORES
            | Column.CODE
            | Column.SECTION
            | Column.CRITERION
            | Column.CRITERION_KIND
            | Column.MOST
            | Column.POINTS
            | Column.EVIDENCE
        ):
            return score_column_note(column, language)
        case (
            Column.TITLE_NAME
            | Column.DECISION_NUMBER
            | Column.DECIDED_ON
            | Column.ISSUER
            | Column.RECIPIENT_KIND
            | Column.RECIPIENT
            | Column.IS_UNLISTED
            | Column.QUOTA
            | Column.QUOTA_OF
        ):
            return title_column_note(column, language)
        case Column.PARTY | Column.SIGNER | Column.WITNESS:
            return pledge_column_note(column, language)
        case (
            Column.OPINION
            | Column.OPINION_ITEM
            | Column.AUTHOR
            | Column.OPINION_KIND
            | Column.OPINION_TEXT
            | Column.OUTCOME
            | Column.ANSWER
        ):
            return opinion_column_note(column, language)
        case Column.POSITION | Column.PRESENTER | Column.NUMBER | Column.NOTE:
            return ""
    assert_never(column)
