"""How a pledge is set up: its parties, who signs for each, the witness, the way in which they confirm."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.layout import button
from bot.cards.pledges import kinds_card, parties_card, party_card, signer_meant_card
from bot.cards.setup import question_card, sure_card
from bot.dialogues.pledges import find_party, find_pledge
from bot.dialogues.talk import Question, Routes, Talk, kept
from bot.dialogues.typed import typed_name
from bot.platforms.base import Answer, Card
from bot.wording import pledges as wording
from bot.wording.voice import Voice
from handlers import pledge_parties
from handlers.asking import permitted
from handlers.pledge_parties import PledgeChanged
from meeting.names import find_namesakes, is_whole, tidy
from meeting.people import Right
from meeting.pledges import (
    PARTY_LIMIT,
    POSITION_LIMIT,
    SIGNER_LIMIT,
    WITNESS_LIMIT,
    PledgeKind,
    Signer,
)
from meeting.refusals import Refusal, Refused
from storage import agenda
from storage import pledges as stored
from storage.database import Tx
from storage.errors import PledgeNotFoundError
from storage.reading import get_meeting_view, list_items
from storage.reading.agenda import find_item

_OFFERED = 8


async def show_parties(talk: Talk, action: actions.ShowParties) -> Answer:
    """Show the parties to those who prepare the meeting."""
    return await _parties(talk, action.pledge_id, action.page)


async def _parties(talk: Talk, pledge_id: int, page: int = 0, notice: str = "") -> Answer:
    view = await find_pledge(talk, pledge_id, Right.PREPARE)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return Answer(notice, parties_card(talk.about(view.meeting).voice, view, page), replaces=True)


async def show_party(talk: Talk, action: actions.ShowParty) -> Answer:
    """Show one party to those who prepare the meeting."""
    return await show_party_card(talk, action.party_id)


async def show_party_card(talk: Talk, party_id: int, notice: str = "") -> Answer:
    """Show one party again, with what was done."""
    found = await find_party(talk, party_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, party = found
    return Answer(notice, party_card(talk.about(view.meeting).voice, view, party), replaces=True)


# Set up


async def plan_pledge(talk: Talk, action: actions.PlanPledge) -> Answer:
    """Ask which pledge an item has; one that has it already is shown."""
    async with talk.house.database.snapshot() as tx:
        item = await agenda.get_item(tx, action.item_id)
        actor = await permitted(tx, talk.asked, item.meeting_id, Right.PREPARE)
        if isinstance(actor, Refused):
            return talk.refuse(actor)
        meeting = await get_meeting_view(tx, item.meeting_id)
        items = await list_items(tx, item.meeting_id)
        pledge = await stored.find_pledge(tx, item.meeting_id)
    shown = find_item(items, action.item_id)
    if pledge is not None or shown is None:
        return talk.refuse(Refused(Refusal.PLEDGE_THERE_ALREADY))
    return Answer(card=kinds_card(talk.about(meeting).voice, shown, items), replaces=True)


async def set_up_pledge(talk: Talk, action: actions.SetUpPledge) -> Answer:
    """Set a pledge up with the parties that are proposed, and show them."""
    async with talk.house.database.snapshot() as tx:
        meeting_id = await agenda.find_meeting_of_item(tx, action.item_id)
        meeting = None if meeting_id is None else await get_meeting_view(tx, meeting_id)
    names: tuple[str, ...] = ()
    if meeting is not None and action.kind is PledgeKind.INTERNAL:
        there = Voice(meeting.language, talk.voice.timezone, talk.voice.address)
        names = wording.proposed_parties(there, has_union=meeting.has_union)
    result = await pledge_parties.set_up_pledge(talk.house, talk.asked, action.item_id, action.kind, names)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _parties(talk, result.pledge_id, notice=wording.set_up(talk.voice))


async def remove_pledge(talk: Talk, action: actions.RemovePledge) -> Answer:
    """Take a pledge away, asked once more."""
    if not action.sure:
        view = await find_pledge(talk, action.pledge_id, Right.PREPARE)
        if isinstance(view, Refused):
            return talk.refuse(view)
        sure = actions.RemovePledge(action.pledge_id, 1)
        text, label = wording.remove_unsure(talk.voice), wording.button_take_out(talk.voice)
        return Answer(card=sure_card(talk.voice, text, label, sure))
    result = await pledge_parties.remove_pledge(talk.house, talk.asked, action.pledge_id)
    return talk.refuse(result) if isinstance(result, Refused) else Answer(wording.removed(talk.voice))


async def set_way(talk: Talk, action: actions.SetPledgeWay) -> Answer:
    """Set in which way the parties confirm."""
    result = await pledge_parties.set_way(
        talk.house,
        talk.asked,
        action.pledge_id,
        is_ordered=bool(action.is_ordered),
        is_on_paper=bool(action.is_on_paper),
    )
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _parties(talk, action.pledge_id, notice=wording.changed(talk.voice))


async def move_party(talk: Talk, action: actions.MoveParty) -> Answer:
    """Move a party by a place."""
    result = await pledge_parties.move_party(talk.house, talk.asked, action.party_id, action.direction)
    return await _changed(talk, result)


async def remove_party(talk: Talk, action: actions.RemoveParty) -> Answer:
    """Take a party out, asked once more."""
    if not action.sure:
        found = await find_party(talk, action.party_id, Right.PREPARE)
        if isinstance(found, Refused):
            return talk.refuse(found)
        sure = actions.RemoveParty(action.party_id, 1)
        text = wording.remove_party_unsure(talk.voice, found[1].name)
        return Answer(card=sure_card(talk.voice, text, wording.button_take_out(talk.voice), sure))
    return await _changed(talk, await pledge_parties.remove_party(talk.house, talk.asked, action.party_id))


async def _changed(talk: Talk, result: PledgeChanged | Refused) -> Answer:
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await _parties(talk, result.pledge_id, notice=wording.changed(talk.voice))


@dataclass(frozen=True)
class _PledgeQuestion(Question):
    """A question about a pledge, which may be asked after the meeting's close too."""

    pledge_id: int

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While there is this pledge."""
        del account_id
        try:
            await stored.get_pledge(tx, self.pledge_id)
        except PledgeNotFoundError:
            return False
        return True


async def add_party(talk: Talk, action: actions.AddParty) -> Answer:
    """Ask for a new party's name."""
    view = await find_pledge(talk, action.pledge_id, Right.PREPARE)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return await talk.ask(PartyName(action.pledge_id, 0))


async def rename_party(talk: Talk, action: actions.RenameParty) -> Answer:
    """Ask for a party's new name."""
    found = await find_party(talk, action.party_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    return await talk.ask(PartyName(found[0].pledge.pledge_id, action.party_id))


@kept
@dataclass(frozen=True)
class PartyName(_PledgeQuestion):
    """What a party is called; with party 0 a new one."""

    topic: ClassVar[str] = "party_name"
    takes_any_name: ClassVar[bool] = True
    party_id: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = wording.party_wanted(voice), wording.party_example(voice)
        return question_card(voice, text, version, limit=PARTY_LIMIT, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Add or rename it."""
        if self.party_id:
            result = await pledge_parties.rename_party(talk.house, talk.asked, self.party_id, text)
        else:
            result = await pledge_parties.add_party(talk.house, talk.asked, self.pledge_id, text)
        return result if isinstance(result, Refused) else await _changed(talk, result)


async def set_witness(talk: Talk, action: actions.SetWitness) -> Answer:
    """Ask who witnesses the pledge."""
    view = await find_pledge(talk, action.pledge_id, Right.PREPARE)
    if isinstance(view, Refused):
        return talk.refuse(view)
    return await talk.ask(Witness(action.pledge_id))


@kept
@dataclass(frozen=True)
class Witness(_PledgeQuestion):
    """Who witnesses it."""

    topic: ClassVar[str] = "pledge_witness"
    takes_any_name: ClassVar[bool] = True

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        nobody = actions.SkipQuestion(version)
        rows = ((button(wording.button_nobody(voice), nobody),),)
        return question_card(voice, wording.witness_wanted(voice), version, limit=WITNESS_LIMIT, rows=rows)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Set it."""
        result = await pledge_parties.set_witness(talk.house, talk.asked, self.pledge_id, text)
        return result if isinstance(result, Refused) else await _changed(talk, result)

    async def skip(self, talk: Talk) -> Answer | Refused:
        """Have no witness."""
        return await self.take(talk, "")


async def name_signer(talk: Talk, action: actions.NameSigner) -> Answer:
    """Ask who signs for a party; where somebody does, only in their place."""
    found = await find_party(talk, action.party_id, Right.PREPARE)
    if isinstance(found, Refused):
        return talk.refuse(found)
    view, party = found
    if party.signer and not action.replaces:
        facts = {"party": party.name, "signer": party.signer}
        return talk.refuse(Refused(Refusal.PLEDGE_HAS_SIGNER, facts))
    if party.confirmation is not None:
        return talk.refuse(Refused(Refusal.PLEDGE_CONFIRMED, {"party": party.name}))
    return await talk.ask(SignerName(view.pledge.pledge_id, party.party_id, party.name, action.replaces))


@kept
@dataclass(frozen=True)
class SignerName(_PledgeQuestion):
    """Who signs for a party."""

    topic: ClassVar[str] = "signer_name"
    takes_any_name: ClassVar[bool] = True
    party_id: int
    party: str
    replaces: int

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text, example = wording.signer_wanted(voice, self.party), wording.signer_example(voice)
        return question_card(voice, text, version, limit=SIGNER_LIMIT + POSITION_LIMIT, example=example)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Take somebody of the organisation whose whole name it is, else ask whom it means."""
        typed, _, position = text.partition(";")
        name, position = typed_name(typed, SIGNER_LIMIT), tidy(position)
        if isinstance(name, Refused):
            return name
        async with talk.house.database.snapshot() as tx:
            pledge = await stored.get_pledge(tx, self.pledge_id)
            actor = await permitted(tx, talk.asked, pledge.meeting_id, Right.PREPARE)
            if isinstance(actor, Refused):
                return actor
            people = await stored.list_people(tx, pledge.organisation_id)
        known = {person_id: (person, unit) for person_id, person, unit in people}
        found = find_namesakes(name, people)
        whole = [person_id for how, person_id in found if is_whole(name, how)]
        if len(whole) == 1:
            return await self.name(talk, Signer(whole[0], known[whole[0]][0], position))
        if not found:
            return await self.name(talk, Signer(None, name, position))
        meant = [(one, ", ".join(filter(None, known[one]))) for _, one in found[:_OFFERED]]
        fields = (self.pledge_id, self.party_id, self.party, self.replaces)
        return await talk.ask(SignerMeant(*fields, name, position, meant))

    async def name(self, talk: Talk, signer: Signer) -> Answer | Refused:
        """Name the signer, and show the party."""
        result = await pledge_parties.name_signer(
            talk.house, talk.asked, self.party_id, signer, replaces=bool(self.replaces)
        )
        if isinstance(result, Refused):
            return result
        notice = wording.signer_named(talk.voice, is_reached=result.is_reached)
        return await show_party_card(talk, self.party_id, notice)


@kept
@dataclass(frozen=True)
class SignerMeant(SignerName):
    """Whom of the organisation a typed name means; `meant` are id and name with unit of who is offered."""

    topic: ClassVar[str] = "signer_meant"
    typed: str
    position: str
    meant: list[tuple[int, str]]

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        people = [(int(one), str(name)) for one, name in self.meant]
        return signer_meant_card(voice, self.typed, people, version)

    async def pick(self, talk: Talk, choice: int) -> Answer | Refused | None:
        """Take one of them, or with 0 the name as it was typed."""
        if choice == 0:
            return await self.name(talk, Signer(None, self.typed, self.position))
        if choice not in {one for one, _ in self.meant}:
            return None
        return await self.name(talk, Signer(choice, self.typed, self.position))


ROUTES: Routes = {
    actions.PlanPledge: plan_pledge,
    actions.SetUpPledge: set_up_pledge,
    actions.RemovePledge: remove_pledge,
    actions.ShowParties: show_parties,
    actions.ShowParty: show_party,
    actions.AddParty: add_party,
    actions.RenameParty: rename_party,
    actions.MoveParty: move_party,
    actions.RemoveParty: remove_party,
    actions.NameSigner: name_signer,
    actions.SetWitness: set_witness,
    actions.SetPledgeWay: set_way,
}
"""What each button of this topic does."""
