"""A pledge: its text, how far it has come, its parties, and what those concerned are told."""

from collections.abc import Collection, Sequence

from bot.actions import (
    AddParty,
    CancelDialogue,
    ChooseAnswer,
    ConfirmPledge,
    EnterSignatures,
    FreezePledge,
    GetPaper,
    MoveParty,
    NameSigner,
    PlanPledge,
    RemoveParty,
    RemovePledge,
    RenameParty,
    SetPledgeWay,
    SetUpPledge,
    SetWitness,
    ShowItem,
    ShowMeeting,
    ShowParties,
    ShowParty,
    ShowPledge,
    ShowText,
    StopPledge,
    WithdrawSignature,
)
from bot.cards.layout import button, clipped, in_rows, page_of, page_rows, soft, strong
from bot.platforms.base import Ask, Card, Choice, Line
from bot.wording import pledges as wording
from bot.wording.voice import Voice, say
from meeting.agenda import Direction, ItemKind
from meeting.people import Right, Role, grant
from meeting.pledges import NOT_PLEDGED, ConfirmationState, Party, Pledge, PledgeKind, VoidReason
from meeting.states import MeetingState
from storage.views import ItemView, MeetingView, PledgeView

_LISTED = 1_000
_ROOM = 80
_OFFERED = 8
_PLEDGED = frozenset({ItemKind.PLEDGE, ItemKind.DOCUMENT})
"""Kinds of items whose text may be that of a pledge."""


def pledge_lines(voice: Voice, meeting: MeetingView, pledge: Pledge | None) -> list[Line]:
    """Say on a card of the meeting, to everybody, how far its pledge has come; nothing before it is begun.

    Who has confirmed is named until all have.
    """
    if pledge is None or pledge.frozen is None or meeting.cancelled_at is not None:
        return []
    lines = [Line(say(voice, "Pledge: %(progress)s", progress=wording.progress_text(voice, pledge)))]
    return lines if pledge.is_complete else [*lines, *_named_lines(voice, pledge)]


def _named_lines(voice: Voice, pledge: Pledge) -> list[Line]:
    confirmed = wording.confirmed_text(voice, pledge)
    return [soft(clipped(confirmed, _LISTED))] if confirmed else []


def pledge_summary_lines(
    voice: Voice, meeting: MeetingView, pledge: Pledge | None, *, are_listed: bool = False
) -> list[Line]:
    """Say in the summary how far the pledge has come, of which text, and by whom unless a list follows."""
    lines = pledge_lines(voice, meeting, pledge)
    if pledge is None or not lines:
        return []
    lines = [*lines[:1], *([] if are_listed else _named_lines(voice, pledge))]
    hint = say(voice, "The paper or the digital file with the signatures is the official one.")
    mark = wording.text_mark(voice, 0 if pledge.frozen is None else pledge.frozen.version, pledge.frozen)
    return [*lines, soft(mark), soft(hint)]


def panel_pledge_lines(
    voice: Voice, meeting: MeetingView, pledge: Pledge | None, roles: Collection[Role]
) -> list[Line]:
    """Say the same to those who run the meeting, and to those who keep the roll who is missing."""
    lines = pledge_lines(voice, meeting, pledge)
    if lines and pledge is not None and pledge.missing and grant(roles, Right.KEEP_ROLL):
        lines.append(soft(clipped(wording.missing_text(voice, pledge.missing), _LISTED)))
    return lines


def pledge_button(voice: Voice, meeting: MeetingView, pledge: Pledge | None) -> list[Choice]:
    """Give the way to the meeting's pledge, once there is something to see."""
    if pledge is None or pledge.frozen is None or meeting.cancelled_at is not None:
        return []
    return [button(say(voice, "Pledge"), ShowPledge(pledge.pledge_id))]


def item_pledge_button(
    voice: Voice, meeting: MeetingView, item: ItemView, pledge: Pledge | None, roles: Collection[Role]
) -> list[Choice]:
    """Give, on an item whose text may be pledged, the way to its pledge, or to set it up."""
    if pledge is not None and pledge.item_id == item.item_id and roles:
        return [button(say(voice, "Pledge"), ShowPledge(pledge.pledge_id))]
    is_over = meeting.state is MeetingState.CLOSED or item.decision in NOT_PLEDGED
    if pledge is not None or is_over or item.kind not in _PLEDGED or not grant(roles, Right.PREPARE):
        return []
    return [button(say(voice, "Set up the pledge"), PlanPledge(item.item_id))]


def pledge_card(voice: Voice, view: PledgeView) -> Card:
    """Give a pledge with its whole text, to a signer with the way to confirm.

    Who is missing stands on it for those who keep the roll alone.
    """
    pledge, own = view.pledge, view.own
    lines = [
        strong(clipped(f"{view.item.number}. {view.item.title}", 300)),
        soft(wording.text_mark(voice, view.version, pledge.frozen)),
        Line(view.text or say(voice, "The item has no text yet.")),
    ]
    if pledge.witness:
        lines.append(Line(say(voice, "Witness: %(name)s", name=pledge.witness)))
    lines.append(Line(wording.parties_text(voice, pledge)))
    lines.append(strong(wording.progress_text(voice, pledge)))
    lines += _confirmed_lines(voice, pledge)
    if grant(view.roles, Right.KEEP_ROLL) and pledge.frozen is not None and pledge.missing:
        lines.append(Line(clipped(wording.missing_text(voice, pledge.missing), _LISTED)))
    lines += _own_lines(voice, view, own)
    rows: list[Sequence[Choice]] = []
    if own is not None and pledge.frozen is not None and _may_confirm(view, own):
        confirm = ConfirmPledge(own.party_id, pledge.frozen.version, pledge.frozen.mark, 0)
        rows.append((button(say(voice, "I have read it: confirm"), confirm),))
    rows += in_rows(_managing_buttons(voice, view))
    if view.roles:
        rows.append((button(say(voice, "‹ Back to the meeting"), ShowMeeting(view.meeting.meeting_id)),))
    return Card(tuple(lines), tuple(tuple(row) for row in rows))


def _confirmed_lines(voice: Voice, pledge: Pledge) -> list[Line]:
    lines = []
    for party in pledge.confirmed:
        if party.confirmation is not None:
            state = wording.confirmation_text(voice, party.confirmation)
            lines.append(Line(f"– {clipped(party.name, _ROOM)}: {state}"))
    return lines


def _own_lines(voice: Voice, view: PledgeView, own: Party | None) -> list[Line]:
    pledge = view.pledge
    if own is None:
        return []
    if own.confirmation is not None:
        return [Line(wording.own_confirmation_text(voice, own, own.confirmation))]
    lines = [Line(say(voice, "You confirm for: %(party)s", party=own.name))]
    if pledge.frozen is None or not view.is_open:
        return lines
    if pledge.is_on_paper:
        return [*lines, Line(say(voice, "It is signed on paper only: please sign with the secretary."))]
    if own not in pledge.awaited:
        text = say(voice, "The parties confirm in a fixed order; you are asked when it is your turn.")
        return [*lines, Line(text)]
    return [
        *lines,
        Line(say(voice, "Please read the text. Confirming is no signature; paper or file are signed after.")),
    ]


def _may_confirm(view: PledgeView, own: Party) -> bool:
    return view.is_open and own in view.pledge.awaited and not view.pledge.is_on_paper


def _managing_buttons(voice: Voice, view: PledgeView) -> list[Choice]:
    pledge, meeting = view.pledge, view.meeting
    buttons: list[Choice] = []
    if meeting.cancelled_at is not None:
        return buttons
    if not view.text and grant(view.roles, Right.PREPARE) and meeting.state is not MeetingState.CLOSED:
        buttons.append(button(say(voice, "Enter the text"), ShowText(view.item.item_id, 0, 0)))
    if grant(view.roles, Right.PRESIDE) and pledge.frozen is None and view.is_open and view.text:
        freeze = FreezePledge(pledge.pledge_id, view.version, 0)
        buttons.append(button(say(voice, "Ask the parties to confirm"), freeze))
    is_signing = pledge.frozen is not None and not pledge.is_signed and view.is_open
    if grant(view.roles, Right.KEEP_ROLL) and is_signing:
        on_paper = EnterSignatures(pledge.pledge_id, 0, ConfirmationState.SIGNED_ON_PAPER)
        digitally = EnterSignatures(pledge.pledge_id, 0, ConfirmationState.DIGITALLY_SIGNED)
        buttons.append(button(say(voice, "Enter the signed paper"), on_paper))
        buttons.append(button(say(voice, "Enter the digitally signed file"), digitally))
    if grant(view.roles, Right.PREPARE):
        buttons.append(button(say(voice, "Parties and signers"), ShowParties(pledge.pledge_id, 0)))
    if grant(view.roles, Right.PRESIDE) and pledge.frozen is not None:
        buttons.append(button(say(voice, "Stop confirming"), StopPledge(pledge.pledge_id, 0)))
    return buttons


# Prepared


def kinds_card(voice: Voice, item: ItemView, agenda: Sequence[ItemView]) -> Card:
    """Ask which pledge an item has; one without a text may be for the signing of another item's."""
    lines = [strong(wording.kind_wanted(voice, clipped(f"{item.number}. {item.title}")))]
    rows: list[tuple[Choice, ...]] = []
    others = [one for one in agenda if one.text and one.kind in _PLEDGED and one.item_id != item.item_id]
    if not item.text and others:
        lines.append(
            Line(say(voice, "This item has no text yet. If another item's is pledged, choose that:"))
        )
        rows += [
            (button(f"{one.number}. {one.title}", PlanPledge(one.item_id)),) for one in others[:_OFFERED]
        ]
    rows += [
        (button(wording.kind_text(voice, kind), SetUpPledge(item.item_id, kind)),) for kind in PledgeKind
    ]
    rows.append((button(say(voice, "‹ Back to the item"), ShowItem(item.item_id)),))
    return Card(tuple(lines), tuple(rows))


def parties_card(voice: Voice, view: PledgeView, page: int) -> Card:
    """Give a page of the parties with their signers to those who prepare the meeting, each with a button.

    What each has done stands there, but who is missing for those who keep the roll alone.
    """
    pledge = view.pledge
    shown = page_of(pledge.parties, page)
    lines = [
        strong(say(voice, "Parties of the pledge: %(title)s", title=clipped(view.item.title))),
        soft(wording.kind_text(voice, pledge.kind)),
        Line(wording.way_text(voice, pledge)),
        Line(wording.progress_text(voice, pledge)),
    ]
    if pledge.witness:
        lines.append(Line(say(voice, "Witness: %(name)s", name=pledge.witness)))
    for number, party in _numbered(pledge, shown):
        lines.append(Line(f"{number}. {clipped(party.name, _LISTED)}"))
        lines.append(soft(_party_text(voice, view, party)))
    rows: list[Sequence[Choice]] = [
        (button(f"{number}. {party.name}", ShowParty(party.party_id)),)
        for number, party in _numbered(pledge, shown)
    ]
    rows += page_rows(voice, pledge.parties, page, lambda each: ShowParties(pledge.pledge_id, each))
    rows += in_rows(_preparing_buttons(voice, view))
    rows.append((button(say(voice, "‹ Pledge"), ShowPledge(pledge.pledge_id)),))
    return Card(tuple(lines), tuple(tuple(row) for row in rows))


def _numbered(pledge: Pledge, shown: Sequence[Party]) -> list[tuple[int, Party]]:
    return [(number, party) for number, party in enumerate(pledge.parties, 1) if party in shown]


def _party_text(voice: Voice, view: PledgeView, party: Party) -> str:
    if not party.signer:
        return say(voice, "nobody is named yet who signs")
    parts = [", ".join(filter(None, (party.signer, party.position)))]
    if party.confirmation is not None:
        parts.append(wording.confirmation_text(voice, party.confirmation))
    elif view.pledge.frozen is not None and grant(view.roles, Right.KEEP_ROLL):
        parts.append(say(voice, "not confirmed yet"))
    if party.confirmation is None and party.party_id not in view.linked:
        parts.append(say(voice, "not linked, so on paper"))
    return "; ".join(parts)


def _preparing_buttons(voice: Voice, view: PledgeView) -> list[Choice]:
    pledge = view.pledge
    if view.meeting.state is MeetingState.CLOSED:
        return []
    buttons: list[Choice] = []
    ordered, on_paper = pledge.is_ordered, pledge.is_on_paper
    if pledge.frozen is None:
        order = say(voice, "In any order") if ordered else say(voice, "In a fixed order")
        way = say(voice, "Also in the chat") if on_paper else say(voice, "On paper only")
        pledge_id = pledge.pledge_id
        buttons += [
            button(say(voice, "Add a party"), AddParty(pledge_id)),
            button(order, SetPledgeWay(pledge_id, int(not ordered), int(on_paper))),
            button(way, SetPledgeWay(pledge_id, int(ordered), int(not on_paper))),
        ]
    buttons.append(button(say(voice, "Witness"), SetWitness(pledge.pledge_id)))
    if pledge.frozen is None:
        buttons.append(button(say(voice, "Take the pledge away"), RemovePledge(pledge.pledge_id, 0)))
    return buttons


def party_card(voice: Voice, view: PledgeView, party: Party) -> Card:
    """Give one party to those who prepare the meeting, with what may be changed now."""
    pledge, done = view.pledge, party.confirmation
    lines = [strong(clipped(party.name, 300)), Line(_party_text(voice, view, party))]
    if done is not None and done.evidence_sha256:
        lines.append(soft(say(voice, "Digest of the file: %(sha256)s", sha256=done.evidence_sha256)))
    buttons: list[Choice] = []
    if done is None and view.meeting.cancelled_at is None:
        label = say(voice, "Replace the signer") if party.signer else say(voice, "Name the signer")
        buttons.append(button(label, NameSigner(party.party_id, int(bool(party.signer)))))
    if pledge.frozen is None and view.meeting.state is not MeetingState.CLOSED:
        buttons += [
            button(say(voice, "Rename"), RenameParty(party.party_id)),
            button(say(voice, "▲ Move up"), MoveParty(party.party_id, Direction.UP)),
            button(say(voice, "▼ Move down"), MoveParty(party.party_id, Direction.DOWN)),
            button(say(voice, "Take it out"), RemoveParty(party.party_id, 0)),
        ]
    if grant(view.roles, Right.KEEP_ROLL) and pledge.frozen is not None and view.is_open:
        buttons += _signature_buttons(voice, pledge, party)
    if done is not None and done.evidence_id is not None:
        buttons.append(button(say(voice, "The file"), GetPaper(done.evidence_id)))
    back = button(say(voice, "‹ Parties"), ShowParties(pledge.pledge_id, 0))
    return Card(tuple(lines), (*in_rows(buttons), (back,)))


def _signature_buttons(voice: Voice, pledge: Pledge, party: Party) -> list[Choice]:
    if party.confirmation is not None and party.confirmation.state.is_signature:
        return [button(say(voice, "Take the signature back"), WithdrawSignature(party.party_id, 0))]
    return [
        button(label, EnterSignatures(pledge.pledge_id, party.party_id, state))
        for label, state in (
            (say(voice, "Enter the signed paper"), ConfirmationState.SIGNED_ON_PAPER),
            (say(voice, "Enter the digitally signed file"), ConfirmationState.DIGITALLY_SIGNED),
        )
    ]


def signer_meant_card(voice: Voice, typed: str, people: Sequence[tuple[int, str]], version: int) -> Card:
    """Ask which of the people (id, name with unit) a typed name means, or whether none of them."""
    rows = [(button(name, ChooseAnswer(version, person_id)),) for person_id, name in people]
    as_typed = button(say(voice, "Somebody else, on paper: %(typed)s", typed=typed), ChooseAnswer(version, 0))
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    text = wording.signer_meant(voice, clipped(typed, _ROOM))
    return Card((strong(text),), (*rows, (as_typed,), (cancel,)), ask=Ask(limit=100))


def evidence_card(voice: Voice, text: str, kinds: str, version: int) -> Card:
    """Ask for the scan or the file of a signature."""
    cancel = button(say(voice, "Cancel"), CancelDialogue(version))
    return Card((strong(text), soft(kinds)), ((cancel,),), ask=Ask(limit=1, takes_file=True))


# What is told


def pledge_voided_card(
    voice: Voice, meeting: MeetingView, pledge: Pledge, version: int, reason: VoidReason
) -> Card:
    """Tell a signer that the own confirmation holds no more, and why."""
    if reason is VoidReason.TEXT_CHANGED:
        text = say(
            voice,
            "The text of the pledge was changed. Your confirmation of version %(version)s is void; you are "
            "asked again when the new version is fixed.",
            version=version,
        )
    else:
        text = say(
            voice,
            "Confirming the pledge was stopped. Your confirmation of version %(version)s is void; you are "
            "told when it begins again.",
            version=version,
        )
    show = button(say(voice, "Pledge"), ShowPledge(pledge.pledge_id))
    return Card((strong(text), Line(clipped(meeting.title))), ((show,),))


def pledge_reminder_card(voice: Voice, view: PledgeView) -> Card | None:
    """Remind a signer whose turn it is; those who keep the roll hear who is missing. None for others."""
    pledge, own = view.pledge, view.own
    if pledge.frozen is None or pledge.is_complete or not view.is_open:
        return None
    show = button(say(voice, "Read and confirm"), ShowPledge(pledge.pledge_id))
    if own is not None and _may_confirm(view, own):
        text = say(voice, "The pledge waits for your confirmation, for %(party)s.", party=own.name)
        return Card((strong(text), Line(clipped(view.meeting.title))), ((show,),))
    if not grant(view.roles, Right.KEEP_ROLL):
        return None
    lines = (
        strong(wording.progress_text(voice, pledge)),
        Line(clipped(wording.missing_text(voice, pledge.missing), _LISTED)),
        soft(say(voice, "Who can't be reached here signs on paper: please remind them yourself.")),
        Line(clipped(view.meeting.title)),
    )
    return Card(lines, ((button(say(voice, "Pledge"), ShowPledge(pledge.pledge_id)),),))
