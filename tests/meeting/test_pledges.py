"""A confirmation is worth exactly the text that it was given for; six of seven is not complete."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from meeting.pledge_reminders import PARTS, next_reminder_at, plan_pledge_reminders, remind_of_pledge_at
from meeting.pledges import (
    MOST_PARTIES,
    Confirmation,
    ConfirmationState,
    FrozenText,
    Party,
    PartyUnchanged,
    Pledge,
    PledgeKind,
    confirm,
    freeze,
    read_name,
    refuse_party,
    refuse_signer,
    sign,
)
from meeting.refusals import Refusal, Refused
from meeting.versions import text_digest

AT = datetime(2027, 1, 8, 8, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TEXT = "Điều 1. Thi đua."
FILE = (5, "f" * 64)
PAPER = ConfirmationState.SIGNED_ON_PAPER
DIGITAL = ConfirmationState.DIGITALLY_SIGNED


def pledge(
    parties: int = 3,
    *,
    kind: PledgeKind = PledgeKind.CLUSTER,
    is_ordered: bool = False,
    is_on_paper: bool = False,
    text: str | None = TEXT,
) -> Pledge:
    frozen = None if text is None else FrozenText(1, text_digest(text), AT)
    each = tuple(
        Party(number, number, f"Bên {number}", None, f"Người {number}", 100 + number, "Trưởng phòng")
        for number in range(1, parties + 1)
    )
    return Pledge(1, 1, 1, 1, kind, "", is_ordered, is_on_paper, frozen, each)


def tap(of: Pledge, number: int, *, by: int | None = None) -> Confirmation | PartyUnchanged | Refused:
    """The signer of a party taps under the text as it is frozen."""
    assert of.frozen is not None
    shown = (of.frozen.version, of.frozen.mark)
    return confirm(of, of.parties[number - 1], by or 100 + number, shown, AT)


def holding(of: Pledge, number: int, confirmation: object) -> Pledge:
    """The pledge with what one party has done."""
    assert isinstance(confirmation, Confirmation)
    parties = list(of.parties)
    parties[number - 1] = replace(parties[number - 1], confirmation=confirmation)
    return replace(of, parties=tuple(parties))


def reason(result: object) -> Refusal:
    assert isinstance(result, Refused), result
    return result.reason


@given(st.data())
def test_a_confirmation_is_valid_only_for_the_exact_text(data: st.DataObject) -> None:
    """However texts change, are fixed and tapped under, what holds names the text that is fixed now."""
    texts = st.text("ab \n", min_size=1, max_size=4).filter(str.strip)
    now, text, version = pledge(text=None), data.draw(texts), 1
    seen: list[tuple[int, str]] = [(0, "")]
    for step in data.draw(st.lists(st.sampled_from(["change", "fix", "tap", "sign"]), max_size=12)):
        if step == "change":
            text, version = data.draw(texts), version + 1
            now = replace(now, frozen=None, parties=pledge().parties)
        elif step == "fix" and now.frozen is None:
            fixed = freeze(now, version, text, AT)
            assert isinstance(fixed, FrozenText)
            now = replace(now, frozen=fixed)
            seen.append((version, fixed.mark))
        elif step in {"tap", "sign"}:
            number = data.draw(st.integers(1, 3))
            party, shown = now.parties[number - 1], data.draw(st.sampled_from(seen))
            done = (
                confirm(now, party, 100 + number, shown, AT)
                if step == "tap"
                else sign(now, party, data.draw(st.sampled_from([PAPER, DIGITAL])), FILE, AT)
            )
            if step == "tap" and shown != (version, text_digest(text)[:16]):
                assert isinstance(done, Refused)
            if isinstance(done, Confirmation):
                now = holding(now, number, done)
        for party in now.parties:
            if party.confirmation is not None:
                assert now.is_valid(party.confirmation)
                assert party.confirmation.sha256 == text_digest(text)
                elsewhere = replace(now, frozen=FrozenText(version, text_digest(text + "."), AT))
                assert not elsewhere.is_valid(party.confirmation)
                assert party not in elsewhere.confirmed
        assert now.is_complete == (bool(now.frozen) and len(now.confirmed) == 3)


def test_six_of_seven_is_open_and_the_seventh_completes_it_without_signing_anything() -> None:
    now = pledge(7)
    for number in range(1, 7):
        now = holding(now, number, tap(now, number))
    assert (len(now.confirmed), now.is_complete, [p.name for p in now.missing]) == (6, False, ["Bên 7"])
    now = holding(now, 7, tap(now, 7))
    assert (now.is_complete, now.is_signed, now.signed) == (True, False, ())
    assert isinstance(tap(now, 7), PartyUnchanged)
    for number in range(1, 8):
        now = holding(now, number, sign(now, now.parties[number - 1], PAPER, FILE, AT))
    assert now.is_signed
    assert not replace(now, parties=()).is_complete


def test_only_the_one_signer_confirms_and_only_what_was_shown() -> None:
    now = pledge()
    assert reason(tap(now, 1, by=102)) is Refusal.PLEDGE_NOT_SIGNER
    assert reason(confirm(now, now.parties[0], 101, (2, "0" * 16), AT)) is Refusal.PLEDGE_SUPERSEDED
    assert reason(confirm(now, now.parties[0], 101, (1, "0" * 16), AT)) is Refusal.PLEDGE_SUPERSEDED
    assert reason(confirm(pledge(text=None), now.parties[0], 101, (1, ""), AT)) is Refusal.PLEDGE_NOT_FROZEN
    assert reason(tap(pledge(is_on_paper=True), 1)) is Refusal.PLEDGE_ON_PAPER


def test_in_a_fixed_order_each_waits_for_those_before_but_paper_goes_round_as_it_will() -> None:
    now = pledge(is_ordered=True)
    assert reason(tap(now, 2)) is Refusal.PLEDGE_NOT_TURN
    assert [party.name for party in now.awaited] == ["Bên 1"]
    now = holding(now, 2, sign(now, now.parties[1], PAPER, FILE, AT))
    now = holding(now, 1, tap(now, 1))
    assert [party.name for party in now.awaited] == ["Bên 3"]
    assert len(pledge().awaited) == 3


def test_a_party_has_one_signer_who_is_replaced_knowingly_until_it_has_confirmed() -> None:
    now = pledge()
    first = now.parties[0]
    assert reason(refuse_signer(now, first, 200, replaces=False)) is Refusal.PLEDGE_HAS_SIGNER
    assert refuse_signer(now, first, 200, replaces=True) is None
    assert refuse_signer(now, first, None, replaces=True) is None
    assert reason(refuse_signer(now, first, 102, replaces=True)) is Refusal.PLEDGE_SIGNER_TAKEN
    done = holding(now, 1, tap(now, 1))
    assert reason(refuse_signer(done, done.parties[0], 200, replaces=True)) is Refusal.PLEDGE_CONFIRMED


def test_a_signature_needs_its_copy_and_can_follow_a_confirmation_or_stand_alone() -> None:
    now = pledge()
    assert reason(sign(now, now.parties[0], PAPER, None, AT)) is Refusal.PLEDGE_EVIDENCE_MISSING
    tapped = ConfirmationState.CONFIRMED
    assert reason(sign(now, now.parties[0], tapped, FILE, AT)) is Refusal.PLEDGE_EVIDENCE_MISSING
    assert reason(sign(pledge(text=None), now.parties[0], PAPER, FILE, AT)) is Refusal.PLEDGE_NOT_FROZEN
    now = holding(now, 1, tap(now, 1))
    later = AT + timedelta(days=1)
    signed = sign(now, now.parties[0], PAPER, FILE, later)
    assert isinstance(signed, Confirmation)
    assert (signed.confirmed_at, signed.signed_at, signed.at) == (AT, later, later)
    now = holding(now, 1, signed)
    assert isinstance(sign(now, now.parties[0], PAPER, FILE, AT), PartyUnchanged)
    assert reason(sign(now, now.parties[0], DIGITAL, FILE, AT)) is Refusal.PLEDGE_SIGNED
    assert reason(sign(now, now.parties[0], PAPER, (8, "b" * 64), AT)) is Refusal.PLEDGE_SIGNED
    assert signed.unsigned() == tap(pledge(), 1)
    alone = sign(now, now.parties[1], DIGITAL, FILE, AT)
    assert isinstance(alone, Confirmation)
    assert alone.confirmed_at is None


def test_nothing_is_fixed_before_text_parties_and_signers_are_there() -> None:
    draft = pledge(text=None)
    assert reason(freeze(draft, 1, " \n", AT)) is Refusal.PLEDGE_NO_TEXT
    assert reason(freeze(pledge(1, text=None), 1, TEXT, AT)) is Refusal.PLEDGE_PARTIES_TOO_FEW
    three = pledge(3, kind=PledgeKind.INTERNAL, text=None)
    assert reason(freeze(three, 1, TEXT, AT)) is Refusal.PLEDGE_PARTIES_TOO_MANY
    unnamed = replace(draft, parties=(*draft.parties[:2], replace(draft.parties[2], signer="")))
    assert freeze(unnamed, 1, TEXT, AT) == Refused(Refusal.PLEDGE_NO_SIGNER, {"party": "Bên 3"})
    assert freeze(draft, 4, TEXT, AT) == FrozenText(4, text_digest(TEXT), AT)


def test_a_party_is_named_once_and_not_while_others_confirm() -> None:
    assert reason(refuse_party(pledge(text=None), "ben 2")) is Refusal.PLEDGE_PARTY_THERE
    assert reason(refuse_party(pledge(), "Bên 9")) is Refusal.PLEDGE_FROZEN
    assert reason(refuse_party(pledge(MOST_PARTIES, text=None), "Khác")) is Refusal.PLEDGE_PARTIES_TOO_MANY
    assert refuse_party(pledge(text=None), "Bên 9") is None
    assert reason(read_name(" 12 ")) is Refusal.NAME_UNREADABLE
    assert reason(read_name("a" * 500)) is Refusal.TEXT_TOO_LONG
    assert read_name("  Sở   Nội vụ ") == "Sở Nội vụ"


def test_signers_are_reminded_after_half_an_hour_and_on_two_mornings_never_at_night() -> None:
    planned = plan_pledge_reminders(1, AT, HANOI)
    assert [each.planned_at.astimezone(HANOI).strftime("%d %H:%M") for each in planned] == [
        "08 15:30",
        "09 08:00",
        "11 08:00",
    ]
    nexts = [next_reminder_at(AT, part, HANOI) for part in PARTS]
    assert nexts == [planned[1].planned_at, planned[2].planned_at, None]
    soon, second, _ = planned
    assert remind_of_pledge_at(soon.planned_at, nexts[0], HANOI, soon.planned_at) == soon.planned_at
    night = datetime(2027, 1, 8, 22, tzinfo=HANOI)
    morning = datetime(2027, 1, 9, 7, tzinfo=HANOI)
    assert remind_of_pledge_at(soon.planned_at, nexts[0], HANOI, night) == morning
    assert remind_of_pledge_at(soon.planned_at, nexts[0], HANOI, second.planned_at) is None
    late = planned[2].planned_at + timedelta(days=2)
    assert remind_of_pledge_at(planned[2].planned_at, None, HANOI, late) is None
