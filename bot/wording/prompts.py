"""What is asked: the question in words, and an example of the answer."""

from bot.wording.labels import option_text, role_text
from bot.wording.numbers import official_count
from bot.wording.voice import Voice, say, say_plural
from meeting.people import Role
from meeting.regimes import Template
from meeting.voting import Option


def organisation_name(voice: Voice) -> str:
    """Ask for the organisation's name."""
    return say(voice, "What is the name of your agency, unit or cluster?")


def founder_name(voice: Voice) -> str:
    """Ask for the first organiser's name."""
    return say(voice, "Your own full name? You will be the organiser.")


def role_holder_name(voice: Voice, role: Role) -> str:
    """Ask for the name of somebody who takes a role."""
    return say(voice, "You are invited as: %(role)s. Your full name?", role=role_text(voice, role))


def move_account(voice: Voice, person: str) -> str:
    """Ask whether an account takes another's place."""
    return say(
        voice,
        "%(person)s is already linked to another account. Use this one instead? The other will be told.",
        person=person,
    )


def wrong_person(voice: Voice, person: str) -> str:
    """Ask once more whether a link is wrong."""
    return say(voice, "This chat speaks for %(person)s. Is that wrong? Then end the link.", person=person)


def button_wrong_person(voice: Voice) -> str:
    """Give the button that ends a wrong link."""
    return say(voice, "It is wrong: end the link")


def absence_reason(voice: Voice) -> str:
    """Ask for the reason of an absence."""
    return say(voice, "Please give the reason of your absence.")


def excuse_reason(voice: Voice, name: str) -> str:
    """Ask for the reason of somebody else's absence."""
    return say(voice, "Why is %(name)s absent?", name=name)


def substitute_name(voice: Voice) -> str:
    """Ask who comes for the unit."""
    return say(voice, "Full name of the representative who attends for the unit?")


def attendee_name(voice: Voice) -> str:
    """Ask whom to put on the roll."""
    return say(
        voice,
        "Full name of the attendee? After a semicolon you may add the unit; "
        "write “guest” or “observer” after another one for those who do not vote.",
    )


def attendee_example(voice: Voice) -> str:
    """Give an example of it."""
    return say(voice, "Nguyen Van An; Finance Office; guest")


def name_sought(voice: Voice) -> str:
    """Ask whom to look for."""
    return say(voice, "Whom do you look for? Write a part of the name, or the number on the list.")


def nobody_found(voice: Voice) -> str:
    """Say that no name fits."""
    return say(voice, "Nobody of this name is on the list. Write another part of the name, or cancel.")


def renew_sure(voice: Voice, name: str) -> str:
    """Ask once more before a link that is in use is made anew."""
    return say(
        voice,
        "%(name)s is linked. A new link ends the old one and lets go every account that uses it.",
        name=name,
    )


def button_renew(voice: Voice) -> str:
    """Give the button that makes a link anew though it is in use."""
    return say(voice, "New personal link")


def attendee_not_read(voice: Voice) -> str:
    """Say that a line about one attendee can't be taken."""
    return say(
        voice,
        "This was not understood. Write the full name; then, parted by semicolons, the unit and “guest” or "
        "“observer” where they apply.",
    )


def check_in_moment(voice: Voice) -> str:
    """Ask when the presence window opens by itself."""
    return say(
        voice, "When shall confirming presence begin by itself? Day and time at the place of the meeting."
    )


def item_title(voice: Voice) -> str:
    """Ask for a new item's title."""
    return say(voice, "Title of the new item?")


def new_title(voice: Voice, title: str) -> str:
    """Ask for another title."""
    return say(voice, "New title in place of “%(title)s”?", title=title)


def additions(voice: Voice) -> str:
    """Ask what was added."""
    return say(voice, "What did the meeting add? Each addition on a line of its own.")


def opinion(voice: Voice) -> str:
    """Ask for the text of another opinion."""
    return say(
        voice, "What is your opinion? Your choice counts already; the text may follow until the vote ends."
    )


def cancel_reason(voice: Voice) -> str:
    """Ask why a run is cancelled."""
    return say(voice, "Why is this run cancelled? The reason goes into the record.")


def hands(voice: Voice, option: Option, base: int | None) -> str:
    """Ask for the count of one option."""
    if base is None:
        return say(voice, "How many: %(option)s?", option=option_text(voice, option))
    of = official_count(base, voice.language)
    return say(voice, "How many of %(base)s: %(option)s?", base=of, option=option_text(voice, option))


# Setting a meeting up


def template(voice: Voice) -> str:
    """Ask for the kind of meeting."""
    return say(voice, "What kind of meeting?")


def templates(voice: Voice) -> tuple[tuple[Template, str], ...]:
    """Give the kinds to choose from, each in a few words."""
    return (
        (Template.CBCCVC, say(voice, "Yearly staff conference")),
        (Template.GIAO_UOC, say(voice, "Pledge signing of a cluster")),
        (Template.THUONG, say(voice, "Other meeting")),
    )


def has_union(voice: Voice) -> str:
    """Ask whether there is a union."""
    return say(voice, "Does the agency have a grassroots union?")


def meeting_title(voice: Voice) -> str:
    """Ask for the meeting's title."""
    return say(voice, "Title of the meeting?")


def meeting_start(voice: Voice) -> str:
    """Ask when it starts."""
    return say(voice, "When does it start? Day and time at the place of the meeting.")


def start_example() -> str:
    """Give an example, the same in every language."""
    return "14:00 30/12/2026"


def start_is_past(voice: Voice) -> str:
    """Warn of a start that has passed."""
    return say(voice, "This moment has passed. If it is meant, go on; else cancel and begin again.")


def starts_in_past(voice: Voice) -> str:
    """Warn of a start that has passed, in the preview."""
    return say(voice, "The start has passed already. Check day, month and year.")


def meeting_place(voice: Voice) -> str:
    """Ask where it is held."""
    return say(voice, "Where is it held?")


def headcount(voice: Voice) -> str:
    """Ask for the whole staff."""
    return say(
        voice,
        "How many people has the whole staff? The quorum is measured against it. "
        "Skip to measure it against those who are summoned.",
    )


def headcount_too_small(voice: Voice, staff: int, voting: int) -> str:
    """Say that the list is longer than the whole staff."""
    return say(
        voice,
        "The list has %(voting)s delegates, more than the whole staff of %(staff)s. Please enter the number "
        "of the whole staff once more, or skip.",
        voting=official_count(voting, voice.language),
        staff=official_count(staff, voice.language),
    )


def units(voice: Voice) -> str:
    """Ask for the units."""
    return say(voice, "Which units are summoned? Each on a line of its own.")


def attendees(voice: Voice) -> str:
    """Ask for the attendees."""
    return say(
        voice,
        "Who is summoned? Each on a line of its own: full name; unit; position. "
        "Write “guest” or “observer” as a fourth part for those who do not vote.",
    )


def attendees_example(voice: Voice) -> str:
    """Give an example of it."""
    return say(voice, "Nguyen Van An; Finance Office; Head of office")


def line_not_read(voice: Voice, line: int, found: str) -> str:
    """Say which line can't be read."""
    return say(
        voice,
        "Line %(line)s was not understood: “%(found)s”. Please correct it and send the whole list once more.",
        line=line,
        found=found[:80],
    )


def unit_not_listed(voice: Voice, line: int, unit: str) -> str:
    """Say that a line names a unit that isn't summoned."""
    return say(
        voice,
        "Line %(line)s: “%(unit)s” is not among the units given before. "
        "Please correct it and send the whole list once more.",
        line=line,
        unit=unit[:80],
    )


def unit_needed(voice: Voice, line: int, name: str) -> str:
    """Say that a delegate speaks for no unit where units vote."""
    return say(
        voice,
        "Line %(line)s: “%(name)s” has no unit, and here each delegate speaks for one. "
        "Please correct it and send the whole list once more.",
        line=line,
        name=name[:80],
    )


def nobody_votes(voice: Voice) -> str:
    """Say that a list has guests and observers only."""
    return say(
        voice, "Nobody on the list may vote. Name at least one delegate and send the whole list once more."
    )


def unit_unrepresented(voice: Voice, unit: str) -> str:
    """Warn of a unit that nobody speaks for."""
    return say(voice, "Nobody on the list speaks for “%(unit)s”.", unit=unit[:80])


def several_representatives(voice: Voice, unit: str, count: int) -> str:
    """Warn of a unit that several people speak for, with one vote."""
    return say(
        voice,
        "“%(unit)s” has %(count)s delegates; the unit has one vote, which any of them may cast.",
        unit=unit[:80],
        count=official_count(count, voice.language),
    )


def name_twice(voice: Voice, line: int, name: str) -> str:
    """Say that somebody stands twice."""
    return say(
        voice,
        "Line %(line)s: “%(name)s” of this unit is in the list already. "
        "Please correct it and send the whole list once more.",
        line=line,
        name=name[:80],
    )


def too_many_lines(voice: Voice, limit: int) -> str:
    """Say that a list is better sent as a workbook."""
    return say(voice, "At most %(limit)s lines here. For more, use the workbook.", limit=limit)


def workbook_file(voice: Voice) -> str:
    """Ask for the workbook."""
    return say(voice, "Please send the filled-in workbook (.xlsx).")


def workbook_wanted(voice: Voice) -> str:
    """Offer the workbook, above a button for each kind of meeting."""
    return say(voice, "If you have none yet, take one that is filled with an example:")


def workbook_given(voice: Voice) -> str:
    """Introduce the workbook that is handed out."""
    return say(
        voice,
        "The workbook, filled with an example: put your own data in its place and send it back. "
        "Nothing is stored before you confirm the preview.",
    )


def button_skip(voice: Voice) -> str:
    """Give the button that leaves a question unanswered."""
    return say(voice, "Skip")


def meeting_close_unsure(voice: Voice, undecided: int, titles: int) -> str:
    """Ask once more before closing, saying what would be left out."""
    left_out = say_plural(
        voice,
        "%(n)s item is still undecided and will be recorded as left out.",
        "%(n)s items are still undecided and will be recorded as left out.",
        undecided,
        n=official_count(undecided, voice.language),
    )
    unannounced = say_plural(
        voice,
        "%(n)s decision on titles is not announced yet and can't be after the close.",
        "%(n)s decisions on titles are not announced yet and can't be after the close.",
        titles,
        n=official_count(titles, voice.language),
    )
    said = [text for text, count in ((left_out, undecided), (unannounced, titles)) if count]
    return " ".join([*said, say(voice, "Close all the same?")])
