"""Titles: the list, one decision with its recipients, and what is told when they are announced."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.actions import (
    AddCommendation,
    AddRecipients,
    AddTitle,
    AnnounceTitles,
    CancelDialogue,
    ChangeTitle,
    ChooseAnswer,
    EditTitle,
    RemoveRecipient,
    ShowMeeting,
    ShowTitle,
    ShowTitles,
    TitleField,
    WithdrawTitle,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import titles as wording
from bot.wording.voice import Voice, say
from meeting.agenda import ItemKind
from meeting.people import Right, Role, grant
from meeting.states import MeetingState
from meeting.titles import RECIPIENT_LIMIT, QuotaCheck, RecipientKind, TitleCounts
from storage.views import ItemView, MeetingView, RecipientView, TitlesView, TitleView

_SHOWN = 12
_SHOWN_BESIDE = 6
_WARNINGS = 3
_LINE = 130
_SENTENCE = 260


def _warning_lines(voice: Voice, titles: Sequence[TitleView], everything: Sequence[TitleView]) -> list[Line]:
    checks = [(title, title.check_quota(everything)) for title in titles]
    lines = [
        Line(f"⚠ {wording.title_name(clipped(title.title, 80))}: {_quota_text(voice, check)}")
        for title, check in checks
        if check is not None and not check.is_kept
    ]
    return lines[:_WARNINGS]


def _quota_text(voice: Voice, check: QuotaCheck) -> str:
    of = clipped(check.quota.of, 80)
    return wording.quota_text(voice, replace(check, quota=replace(check.quota, of=of)))


def commendation_of(items: Sequence[ItemView], current_item_id: int | None) -> ItemView | None:
    """Give the item to announce titles with: the current one if it is one, else the first not over."""
    open_items = [item for item in items if item.kind is ItemKind.COMMENDATION and item.decision is None]
    return next((item for item in open_items if item.item_id == current_item_id), None) or next(
        iter(open_items), None
    )


def _announcing_item(view: TitlesView, roles: Collection[Role]) -> ItemView | None:
    if view.meeting.state is not MeetingState.OPEN or not grant(roles, Right.PRESIDE):
        return None
    return commendation_of(view.items, view.meeting.current_item_id)


def titles_card(voice: Voice, view: TitlesView, page: int, *, roles: Collection[Role]) -> Card:
    """Give a page of a meeting's titles, each with a button, and what is doubtful about them."""
    meeting_id = view.meeting.meeting_id
    places = {title.title_id: place for place, title in enumerate(view.titles, 1)}
    shown = page_of(view.titles, page)
    lines = [strong(say(voice, "Titles: %(title)s", title=clipped(view.meeting.title)))]
    if not view.titles:
        lines.append(Line(say(voice, "No decisions on titles yet.")))
    for title in shown:
        text = clipped(wording.title_text(voice, title), _LINE)
        lines.append(Line(f"{places[title.title_id]}. {text}"))
        lines.append(soft(_about_text(voice, title)))
    if len(view.titles) > 1:
        lines.append(strong(_sum_text(voice, view.titles)))
    lines += _warning_lines(voice, shown, view.titles)
    rows: list[tuple[Choice, ...]] = [
        (button(f"{places[title.title_id]}. {title.title}", ShowTitle(title.title_id, 0)),) for title in shown
    ]
    rows += page_rows(voice, view.titles, page, lambda number: ShowTitles(meeting_id, number))
    return Card(tuple(lines), (*rows, *in_rows(_list_buttons(voice, view, roles))))


def _about_text(voice: Voice, title: TitleView) -> str:
    reference = clipped(wording.decision_reference(voice, title), _LINE)
    return f"{reference}; {wording.state_text(voice, title)}"


def _sum_text(voice: Voice, titles: Sequence[TitleView]) -> str:
    counts = sum((title.counts for title in titles), TitleCounts())
    return say(voice, "Together: %(counts)s.", counts=wording.counts_text(voice, counts))


def _list_buttons(voice: Voice, view: TitlesView, roles: Collection[Role]) -> list[Choice]:
    meeting_id = view.meeting.meeting_id
    buttons: list[Choice] = []
    item = _announcing_item(view, roles)
    waiting = [title for title in view.titles if title.is_open]
    if item is not None and waiting:
        label = say(voice, "Announce the titles (%(count)s)", count=len(waiting))
        buttons.append(button(label, AnnounceTitles(item.item_id, 0, "")))
    if view.meeting.state is not MeetingState.CLOSED and grant(roles, Right.PREPARE):
        buttons.append(button(say(voice, "Add a title"), AddTitle(meeting_id)))
        if waiting and commendation_of(view.items, None) is None:
            label = say(voice, "Add the item to announce them")
            buttons.append(button(label, AddCommendation(meeting_id)))
    buttons.append(button(say(voice, "‹ Back to the meeting"), ShowMeeting(meeting_id)))
    return buttons


def title_card(
    voice: Voice,
    view: TitlesView,
    title: TitleView,
    recipients: Sequence[RecipientView],
    page: int,
    *,
    roles: Collection[Role],
) -> Card:
    """Give one decision with a page of its recipients, and what may be done with it."""
    check = title.check_quota(view.titles)
    lines = [
        strong(clipped(wording.title_text(voice, title), 400)),
        Line(_about_text(voice, title)),
    ]
    if check is not None:
        mark = "" if check.is_kept else "⚠ "
        lines.append(Line(f"{mark}{_quota_text(voice, check)}"))
    numbered = list(enumerate(recipients, 1))
    shown = page_of(numbered, page)
    lines += [Line(f"{place}. {_recipient_text(voice, one)}") for place, one in shown]
    may_change = (
        title.is_open and view.meeting.state is not MeetingState.CLOSED and grant(roles, Right.PREPARE)
    )
    removes = [button(f"✕ {place}. {one.name}", RemoveRecipient(one.recipient_id, 0)) for place, one in shown]
    rows = [
        *(in_rows(removes) if may_change else ()),
        *page_rows(voice, numbered, page, lambda number: ShowTitle(title.title_id, number)),
        *in_rows(_title_buttons(voice, view, title, roles, may_change=may_change)),
    ]
    return Card(tuple(lines), tuple(rows))


def _recipient_text(voice: Voice, one: RecipientView) -> str:
    text = clipped(", ".join(filter(None, (one.name, one.unit))), _LINE)
    if one.kind is RecipientKind.COLLECTIVE:
        return say(voice, "%(name)s (collective)", name=text)
    if one.person_id is None:
        return say(voice, "%(name)s (not on any list: please tell them yourself)", name=text)
    return text


def _title_buttons(
    voice: Voice, view: TitlesView, title: TitleView, roles: Collection[Role], *, may_change: bool
) -> list[Choice]:
    title_id = title.title_id
    buttons: list[Choice] = []
    item = _announcing_item(view, roles)
    if item is not None and title.is_open and title.counts.total:
        buttons.append(button(say(voice, "Announce this title"), AnnounceTitles(item.item_id, title_id, "")))
    if may_change:
        buttons += [
            button(say(voice, "Add individuals"), AddRecipients(title_id, RecipientKind.INDIVIDUAL)),
            button(say(voice, "Add collectives"), AddRecipients(title_id, RecipientKind.COLLECTIVE)),
            button(say(voice, "Edit the decision"), EditTitle(title_id)),
            button(wording.button_withdraw(voice), WithdrawTitle(title_id, 0)),
        ]
    buttons.append(button(say(voice, "‹ Titles"), ShowTitles(title.meeting_id, 0)))
    return buttons


def edit_card(voice: Voice, title: TitleView) -> Card:
    """Give what a decision says, each with a button that changes it."""
    fields = (
        (TitleField.TITLE, say(voice, "Title")),
        (TitleField.NUMBER, say(voice, "Number")),
        (TitleField.DAY, say(voice, "Day")),
        (TitleField.ISSUER, say(voice, "Issued by")),
        (TitleField.QUOTA, say(voice, "Quota")),
    )
    buttons: list[Choice] = [button(label, ChangeTitle(title.title_id, field)) for field, label in fields]
    back = button(say(voice, "‹ Back to the title"), ShowTitle(title.title_id, 0))
    lines = (
        strong(say(voice, "What is to be changed?")),
        Line(clipped(wording.title_text(voice, title))),
        soft(clipped(wording.decision_reference(voice, title))),
    )
    return Card(lines, (*in_rows(buttons), (back,)))


def meant_card(
    voice: Voice,
    kind: RecipientKind,
    typed: str,
    candidates: Sequence[str],
    place: int,
    total: int,
    version: int,
) -> Card:
    """Ask whom a typed name means: one of the candidates (choice 1 and on), nobody known (0), or left out."""
    lines = [strong(wording.meant_wanted(voice, kind, clipped(typed, 120)))]
    if total > 1:
        lines.append(soft(say(voice, "Name %(place)s of %(total)s.", place=place, total=total)))
    if not candidates:
        lines.append(Line(wording.nobody_known(voice, kind)))
    rows: list[tuple[Choice, ...]] = [
        (button(name, ChooseAnswer(version, choice)),) for choice, name in enumerate(candidates, 1)
    ]
    rows += [
        (button(say(voice, "Not listed: keep as typed"), ChooseAnswer(version, 0)),),
        (button(say(voice, "Leave this name out"), ChooseAnswer(version, len(candidates) + 1)),),
        (button(say(voice, "Cancel"), CancelDialogue(version)),),
    ]
    return Card(tuple(lines), tuple(rows), ask=Ask(limit=RECIPIENT_LIMIT))


def announce_sure_card(
    voice: Voice, announce: AnnounceTitles, chosen: Sequence[TitleView], everything: Sequence[TitleView]
) -> Card:
    """Show what would be announced, with what is doubtful, before everybody is told."""
    lines = [
        strong(say(voice, "Announce this? Everybody is told, and each recipient who can be reached.")),
        *_listed_lines(voice, chosen),
        *_warning_lines(voice, chosen[:_SHOWN], everything),
        soft(say(voice, "What is announced can't be changed any more.")),
    ]
    leave_it = button(say(voice, "Not now"), CancelDialogue(0))
    return Card(tuple(lines), ((button(say(voice, "Announce"), announce), leave_it),))


def _listed_lines(voice: Voice, titles: Sequence[TitleView], most: int = _SHOWN) -> list[Line]:
    lines = [Line(f"– {clipped(wording.title_text(voice, title), _LINE)}") for title in titles[:most]]
    if len(titles) > most:
        lines.append(Line(say(voice, "and %(n)s more", n=len(titles) - most)))
    if len(titles) > 1:
        lines.append(Line(_sum_text(voice, titles)))
    return lines


# Beside other things


def titles_lines(voice: Voice, titles: Sequence[TitleView]) -> list[Line]:
    """Give the titles of the item that is on, for those who run the meeting; none is a hint to add them."""
    if not titles:
        return [soft(say(voice, "No decisions on titles yet."))]
    waiting = [title for title in titles if title.is_open]
    announced = [title for title in titles if not title.is_open]
    lines = _listed_lines(voice, waiting, _SHOWN_BESIDE)
    if announced:
        counts = sum((title.counts for title in announced), TitleCounts())
        lines.append(Line(wording.total_text(voice, counts)))
    return [*lines, *_warning_lines(voice, waiting[:_SHOWN], titles)]


def announced_lines(voice: Voice, titles: Sequence[TitleView]) -> list[Line]:
    """Give which titles were announced in a meeting, and how many they are together."""
    if not titles:
        return []
    total = sum((title.counts for title in titles), TitleCounts())
    listed = [
        Line(f"– {clipped(wording.title_text(voice, title), _LINE)}") for title in titles[:_SHOWN_BESIDE]
    ]
    if len(titles) > _SHOWN_BESIDE:
        listed.append(Line(say(voice, "and %(n)s more", n=len(titles) - _SHOWN_BESIDE)))
    return [Line(wording.total_text(voice, total)), *listed]


def announce_buttons(
    voice: Voice, item: ItemView, titles: Sequence[TitleView], roles: Collection[Role]
) -> list[Choice]:
    """Give the button that announces what wasn't yet."""
    waiting = sum(title.is_open for title in titles)
    if not waiting or not grant(roles, Right.PRESIDE):
        return []
    label = say(voice, "Announce the titles (%(count)s)", count=waiting)
    return [button(label, AnnounceTitles(item.item_id, 0, ""))]


# What is told


def titles_announced_card(
    voice: Voice, meeting: MeetingView, item: ItemView | None, titles: Sequence[TitleView]
) -> Card:
    """Tell everybody which decisions were announced, and how many receive each title; never names."""
    lines = [Line(clipped(meeting.title))]
    if item is not None:
        lines.append(strong(f"{item.number}. {clipped(item.title)}"))
    lines += [
        Line(f"– {clipped(wording.recognition_text(voice, title), _SENTENCE)}.") for title in titles[:_SHOWN]
    ]
    if len(titles) > _SHOWN:
        lines.append(Line(say(voice, "and %(n)s more", n=len(titles) - _SHOWN)))
    if len(titles) > 1:
        lines.append(strong(wording.total_text(voice, sum((one.counts for one in titles), TitleCounts()))))
    return Card(tuple(lines))


def title_given_card(voice: Voice, meeting: MeetingView, name: str, titles: Sequence[TitleView]) -> Card:
    """Congratulate a recipient, in official words."""
    lines = [Line(clipped(meeting.title)), strong(wording.congratulation(voice, name))]
    lines += [Line(clipped(wording.own_title_text(voice, title), _SENTENCE)) for title in titles[:_SHOWN]]
    return Card(tuple(lines))
