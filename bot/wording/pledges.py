"""What is said about pledges: how far one has come, what is asked, what became of it.

A tap is a confirmation and is called nothing else; only what was handed in is called a signature, and the
paper that was signed stays the official one (`domain.md` §6.2).
"""

from collections.abc import Sequence
from typing import assert_never

from bot.wording.dates import moment_text
from bot.wording.numbers import official_count, share
from bot.wording.voice import Voice, say
from meeting.pledges import Confirmation, ConfirmationState, FrozenText, Party, Pledge, PledgeKind

# How far it has come


def kind_text(voice: Voice, kind: PledgeKind) -> str:
    """Give which pledge it is."""
    match kind:
        case PledgeKind.INTERNAL:
            return say(voice, "Two parties: head and union")
        case PledgeKind.CLUSTER:
            return say(voice, "Cluster: each unit is a party")
    assert_never(kind)


def proposed_parties(voice: Voice, *, has_union: bool) -> tuple[str, str]:
    """Give the two parties of an agency's pledge, as long as nothing else is known of them."""
    staff = say(voice, "The grassroots union") if has_union else say(voice, "Representative of the staff")
    return say(voice, "The head of the agency"), staff


def progress_text(voice: Voice, pledge: Pledge) -> str:
    """Give how many parties have confirmed of all; one that lacks any is open, and nothing else."""
    if pledge.frozen is None:
        return say(voice, "The parties are not asked to confirm yet.")
    counted = share(len(pledge.confirmed), len(pledge.parties), voice.language)
    if not pledge.is_complete:
        missing = official_count(len(pledge.missing), voice.language)
        return say(
            voice,
            "%(counted)s parties have confirmed; missing: %(missing)s.",
            counted=counted,
            missing=missing,
        )
    if pledge.is_signed:
        return say(voice, "%(counted)s parties have a signature on file.", counted=counted)
    if not pledge.signed:
        return say(voice, "%(counted)s parties have confirmed.", counted=counted)
    signed = share(len(pledge.signed), len(pledge.parties), voice.language)
    return say(
        voice,
        "%(counted)s parties have confirmed, of these with a signature on file: %(signed)s.",
        counted=counted,
        signed=signed,
    )


def confirmed_text(voice: Voice, pledge: Pledge) -> str:
    """Name the parties that have confirmed, which everybody sees; "" where none has."""
    if not pledge.confirmed:
        return ""
    names = "; ".join(party.name for party in pledge.confirmed)
    return say(voice, "Confirmed by: %(names)s.", names=names)


def parties_text(voice: Voice, pledge: Pledge) -> str:
    """Give how many parties a pledge has."""
    count = official_count(len(pledge.parties), voice.language)
    return say(voice, "Parties: %(count)s.", count=count)


def missing_text(voice: Voice, parties: Sequence[Party]) -> str:
    """Name the parties that are missing, with who signs for them: for those who keep the roll."""
    names = "; ".join(f"{party.name} ({party.signer})" if party.signer else party.name for party in parties)
    return say(voice, "Not confirmed yet: %(names)s.", names=names)


def state_text(voice: Voice, state: ConfirmationState) -> str:
    """Give what a party has done."""
    match state:
        case ConfirmationState.CONFIRMED:
            return say(voice, "confirmed in the chat")
        case ConfirmationState.SIGNED_ON_PAPER:
            return say(voice, "signature on paper")
        case ConfirmationState.DIGITALLY_SIGNED:
            return say(voice, "digital signature")
    assert_never(state)


def confirmation_text(voice: Voice, confirmation: Confirmation) -> str:
    """Give what a party has done, and when that was done or entered."""
    state = state_text(voice, confirmation.state)
    if confirmation.at is None:
        return state
    return say(voice, "%(state)s, %(moment)s", state=state, moment=moment_text(voice, confirmation.at))


def own_confirmation_text(voice: Voice, party: Party, confirmation: Confirmation) -> str:
    """Tell a signer what is recorded of the own party, and which paper is the official one."""
    if confirmation.state.is_signature or confirmation.confirmed_at is None:
        return say(
            voice,
            "Recorded for %(party)s: %(state)s.",
            party=party.name,
            state=confirmation_text(voice, confirmation),
        )
    return say(
        voice,
        "Recorded: %(party)s confirmed its agreement at %(moment)s, in the chat. The paper or the digital "
        "file with the signature is the official one.",
        party=party.name,
        moment=moment_text(voice, confirmation.confirmed_at),
    )


def text_mark(voice: Voice, version: int, frozen: FrozenText | None) -> str:
    """Name a text by its version and, where it is frozen, its digest."""
    if frozen is None:
        return say(voice, "Version %(version)s, not fixed yet", version=version)
    return say(voice, "Version %(version)s, SHA-256 %(sha256)s", version=version, sha256=frozen.sha256)


def way_text(voice: Voice, pledge: Pledge) -> str:
    """Give in which way the parties confirm."""
    order = say(voice, "in the order of the list") if pledge.is_ordered else say(voice, "in any order")
    if pledge.is_on_paper:
        return say(voice, "Signed on paper only.")
    return say(voice, "Confirmed in the chat %(order)s, then signed on paper or digitally.", order=order)


# What is asked


def kind_wanted(voice: Voice, item: str) -> str:
    """Ask which pledge an item has."""
    return say(voice, "Which pledge is “%(item)s”?", item=item)


def party_wanted(voice: Voice) -> str:
    """Ask for a party's name."""
    return say(voice, "What is the party called?")


def party_example(voice: Voice) -> str:
    """Give a party as one is called."""
    return say(voice, "The tax office of the province")


def signer_wanted(voice: Voice, party: str) -> str:
    """Ask who signs for a party."""
    return say(
        voice,
        "Who signs for %(party)s? Often its head, who need not attend. After a semicolon the position.",
        party=party,
    )


def signer_example(voice: Voice) -> str:
    """Give a signer as one is typed."""
    return say(voice, "Trần Văn Bình; Director")


def signer_meant(voice: Voice, typed: str) -> str:
    """Ask whom a typed name means."""
    return say(voice, "Whom do you mean by “%(typed)s”?", typed=typed)


def witness_wanted(voice: Voice) -> str:
    """Ask who witnesses it."""
    return say(voice, "Who witnesses the pledge? Name and position, as it stands in the pledge.")


def evidence_wanted(voice: Voice, state: ConfirmationState, party: str, version: int) -> str:
    """Ask for the copy of a signature of a version; `party` is "" for all that are missing."""
    who = party or say(voice, "all parties whose signature is not on file yet")
    match state:
        case ConfirmationState.DIGITALLY_SIGNED:
            return say(
                voice,
                "Send the digitally signed file of version %(version)s, for: %(who)s.",
                version=version,
                who=who,
            )
        case ConfirmationState.SIGNED_ON_PAPER | ConfirmationState.CONFIRMED:
            return say(
                voice,
                "Send the scan of version %(version)s as signed on paper, for: %(who)s.",
                version=version,
                who=who,
            )
    assert_never(state)


def file_wanted(voice: Voice) -> str:
    """Ask for the file where something was typed."""
    return say(voice, "Please send the file itself, as PDF or picture.")


def freeze_unsure(voice: Voice, pledge: Pledge, version: int) -> str:
    """Ask once more whether confirming begins."""
    return say(
        voice,
        "Fix version %(version)s of the text and ask %(count)s parties to confirm it? Every later version "
        "voids all confirmations.",
        version=version,
        count=official_count(len(pledge.parties), voice.language),
    )


def stop_unsure(voice: Voice, pledge: Pledge) -> str:
    """Ask once more whether confirming ends."""
    return say(
        voice,
        "Stop confirming? The confirmations of %(count)s parties will be void, and they are told.",
        count=official_count(len(pledge.confirmed), voice.language),
    )


def remove_unsure(voice: Voice) -> str:
    """Ask once more whether the pledge is taken away."""
    return say(voice, "Take the pledge of this item away, with its parties?")


def remove_party_unsure(voice: Voice, party: str) -> str:
    """Ask once more whether a party is taken out."""
    return say(voice, "Take %(party)s out of the pledge?", party=party)


def confirm_unsure(voice: Voice, party: Party, frozen: FrozenText) -> str:
    """Ask a signer once more, naming the party and the text."""
    return say(
        voice,
        "Do you really confirm for %(party)s the pledge in version %(version)s, as you have read it? This is "
        "recorded with the time. It is a confirmation and no signature.",
        party=party.name,
        version=frozen.version,
    )


def unsign_unsure(voice: Voice, party: str) -> str:
    """Ask once more whether a signature was entered in error."""
    return say(voice, "Take back the signature that was entered for %(party)s?", party=party)


def button_confirm(voice: Voice) -> str:
    """Give the button by which a signer confirms for good."""
    return say(voice, "Yes, I confirm")


def button_freeze(voice: Voice) -> str:
    """Give the button by which confirming begins."""
    return say(voice, "Fix it and ask them")


def button_stop(voice: Voice) -> str:
    """Give the button by which confirming ends."""
    return say(voice, "Stop confirming")


def button_take_out(voice: Voice) -> str:
    """Give the button by which a party, or the whole pledge, is taken out."""
    return say(voice, "Take it out")


def button_take_back(voice: Voice) -> str:
    """Give the button by which a signature is taken back."""
    return say(voice, "Take it back")


def button_nobody(voice: Voice) -> str:
    """Give the button for no witness."""
    return say(voice, "Nobody")


# What became of it


def set_up(voice: Voice) -> str:
    """Say that there is a pledge now."""
    return say(voice, "The pledge is set up. Check the parties, and name who signs for each.")


def changed(voice: Voice) -> str:
    """Say that it is done."""
    return say(voice, "Recorded.")


def removed(voice: Voice) -> str:
    """Say that there is no pledge any more."""
    return say(voice, "The pledge was taken away.")


def signer_named(voice: Voice, *, is_reached: bool) -> str:
    """Say that the signer is named, and how they are asked."""
    if is_reached:
        return say(voice, "Recorded. The signer can confirm in the chat.")
    return say(
        voice,
        "Recorded. The bot can't reach this signer: invite them to the meeting as a guest, or have them sign "
        "on paper.",
    )


def frozen(voice: Voice, unreached: Sequence[str]) -> str:
    """Say that confirming has begun, and who can't be asked in the chat."""
    if not unreached:
        return say(voice, "The text is fixed, and the signers are asked.")
    return say(
        voice,
        "The text is fixed. Not reached, so on paper: %(names)s.",
        names="; ".join(unreached[:5]) + ("…" if len(unreached) > 5 else ""),  # noqa: PLR2004 - a toast
    )


def stopped(voice: Voice, voided: int) -> str:
    """Say that confirming has ended."""
    if not voided:
        return say(voice, "Confirming is stopped; nobody had confirmed yet.")
    count = official_count(voided, voice.language)
    return say(voice, "Confirming is stopped. Void and told so: %(count)s parties.", count=count)


def confirmed(voice: Voice, count: int, parties: int) -> str:
    """Answer a signer who has confirmed."""
    counted = share(count, parties, voice.language)
    return say(voice, "Your confirmation is recorded. Confirmed: %(counted)s parties.", counted=counted)


def confirmed_before(voice: Voice) -> str:
    """Answer a signer who confirms once more."""
    return say(voice, "Your party's confirmation is recorded already.")


def signatures_entered(voice: Voice, count: int) -> str:
    """Answer who entered signatures."""
    entered = official_count(count, voice.language)
    return say(voice, "Entered with the file: signatures of %(count)s parties.", count=entered)


def signature_withdrawn(voice: Voice) -> str:
    """Answer who took a signature back."""
    return say(voice, "Taken back, on record.")
