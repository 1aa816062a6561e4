"""Actions on pledges: set up, confirmed by their signers, signatures entered."""

from bot.actions.codec import Action, action
from meeting.agenda import Direction
from meeting.pledges import ConfirmationState, PledgeKind


@action("pledge")
class ShowPledge(Action):
    """Show a pledge to anybody of the meeting and to its signers: how far it has come, and its text."""

    pledge_id: int


@action("newpledge")
class PlanPledge(Action):
    """Ask which kind of pledge an item has."""

    item_id: int


@action("makepledge")
class SetUpPledge(Action):
    """Set up an item's pledge, with the parties that are proposed."""

    item_id: int
    kind: PledgeKind


@action("droppledge")
class RemovePledge(Action):
    """Take a pledge away; asked once more (`sure`)."""

    pledge_id: int
    sure: int


@action("parties")
class ShowParties(Action):
    """Show a pledge's parties to those who prepare it, a page at a time."""

    pledge_id: int
    page: int


@action("party")
class ShowParty(Action):
    """Show one party and what may be changed."""

    party_id: int


@action("addparty")
class AddParty(Action):
    """Add a party; its name is asked for."""

    pledge_id: int


@action("renameparty")
class RenameParty(Action):
    """Rename a party; the name is asked for."""

    party_id: int


@action("moveparty")
class MoveParty(Action):
    """Move a party by a place."""

    party_id: int
    direction: Direction


@action("dropparty")
class RemoveParty(Action):
    """Take a party out; asked once more (`sure`)."""

    party_id: int
    sure: int


@action("signer")
class NameSigner(Action):
    """Name who signs for a party, or with `replaces` another in their place; the name is asked for."""

    party_id: int
    replaces: int


@action("witness")
class SetWitness(Action):
    """Set who witnesses the pledge; asked for."""

    pledge_id: int


@action("pledgeway")
class SetPledgeWay(Action):
    """Set whether the parties confirm in order, and whether on paper only."""

    pledge_id: int
    is_ordered: int
    is_on_paper: int


@action("freeze")
class FreezePledge(Action):
    """Begin confirming the version that was shown; asked once more (`sure`)."""

    pledge_id: int
    version: int
    sure: int


@action("thaw")
class StopPledge(Action):
    """End confirming: all confirmations are void; asked once more (`sure`)."""

    pledge_id: int
    sure: int


@action("confirmpledge")
class ConfirmPledge(Action):
    """Confirm for a party the text that was shown, by version and mark; asked once more (`sure`)."""

    party_id: int
    version: int
    mark: str
    sure: int


@action("signed")
class EnterSignatures(Action):
    """Enter that a party signed, or with 0 all that have not; the scan or signed file is asked for."""

    pledge_id: int
    party_id: int
    state: ConfirmationState


@action("unsigned")
class WithdrawSignature(Action):
    """Take back a signature that was entered in error; asked once more (`sure`)."""

    party_id: int
    sure: int
