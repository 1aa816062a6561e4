"""Signatures of a pledge: entered with the scan or the signed file, taken back where that was an error."""

from dataclasses import dataclass
from typing import ClassVar

from bot import actions
from bot.cards.pledges import evidence_card
from bot.cards.setup import sure_card
from bot.dialogues.papers import PaperQuestion, read_file
from bot.dialogues.pledge_parties import show_party_card
from bot.dialogues.pledges import find_party, find_pledge, show
from bot.dialogues.talk import Routes, Talk, kept
from bot.platforms.base import Answer, Card, File
from bot.wording import notices
from bot.wording import papers as papers_wording
from bot.wording import pledges as wording
from bot.wording.voice import Voice
from handlers import pledges
from handlers.meetings import Unchanged
from meeting.people import Right
from meeting.pledges import ConfirmationState
from meeting.refusals import Refusal, Refused
from storage import pledges as stored
from storage.database import Tx
from storage.errors import PledgeNotFoundError


async def enter_signatures(talk: Talk, action: actions.EnterSignatures) -> Answer:
    """Ask for the scan, or for the file that was signed."""
    view = await find_pledge(talk, action.pledge_id, Right.KEEP_ROLL)
    if isinstance(view, Refused):
        return talk.refuse(view)
    frozen = view.pledge.frozen
    if frozen is None:
        return talk.refuse(Refused(Refusal.PLEDGE_NOT_FROZEN))
    name = pledges.get_party(view.pledge, action.party_id).name if action.party_id else ""
    return await talk.ask(
        Evidence(action.pledge_id, action.party_id, name, action.state.value, frozen.version, frozen.mark)
    )


@kept
@dataclass(frozen=True)
class Evidence(PaperQuestion):
    """The file by which signatures of a text are entered; with party 0 of all whose signature is missing."""

    topic: ClassVar[str] = "pledge_evidence"
    pledge_id: int
    party_id: int
    party: str
    state: str
    text_version: int
    mark: str

    def card(self, voice: Voice, version: int) -> Card:
        """Ask."""
        text = wording.evidence_wanted(voice, ConfirmationState(self.state), self.party, self.text_version)
        return evidence_card(voice, text, papers_wording.kinds_text(voice), version)

    async def take_file(self, talk: Talk, file: File) -> Answer | Refused:
        """Enter the signatures with this file."""
        read = await read_file(file)
        if isinstance(read, Refused):
            return read
        result = await pledges.enter_signatures(
            talk.house,
            talk.asked,
            self.pledge_id,
            self.party_id,
            ConfirmationState(self.state),
            shown=(self.text_version, self.mark),
            evidence=read,
        )
        match result:
            case Refused():
                return result
            case Unchanged():
                return Answer(notices.unchanged(talk.voice))
            case _:
                notice = wording.signatures_entered(talk.voice, len(result.names))
                return await show(talk, self.pledge_id, notice, replaces=False)

    async def take(self, talk: Talk, text: str) -> Answer | Refused:
        """Ask for the file itself."""
        del text
        return Answer(wording.file_wanted(talk.voice))

    async def is_open(self, tx: Tx, account_id: int) -> bool:
        """While the pledge is confirmed or signed, also after the meeting's close."""
        del account_id
        try:
            return (await stored.get_pledge(tx, self.pledge_id)).frozen is not None
        except PledgeNotFoundError:
            return False


async def withdraw_signature(talk: Talk, action: actions.WithdrawSignature) -> Answer:
    """Take a signature back that was entered in error, asked once more."""
    found = await find_party(talk, action.party_id, Right.KEEP_ROLL)
    if isinstance(found, Refused):
        return talk.refuse(found)
    if not action.sure:
        sure = actions.WithdrawSignature(action.party_id, 1)
        text = wording.unsign_unsure(talk.voice, found[1].name)
        return Answer(card=sure_card(talk.voice, text, wording.button_take_back(talk.voice), sure))
    result = await pledges.withdraw_signature(talk.house, talk.asked, action.party_id)
    if isinstance(result, Refused):
        return talk.refuse(result)
    return await show_party_card(talk, action.party_id, wording.signature_withdrawn(talk.voice))


ROUTES: Routes = {
    actions.EnterSignatures: enter_signatures,
    actions.WithdrawSignature: withdraw_signature,
}
"""What each button of this topic does."""
