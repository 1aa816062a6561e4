"""The shared link behind the front door, on both databases: what comes together, and what stays."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import timedelta

from sqlmodel import col, select

from handlers import binding, claims, inviting, joining
from handlers.binding import LetGo
from handlers.claims import ClaimAccepted, ClaimDeclined, ClaimMade, ClaimUnsure, PhoneUnmatched
from handlers.inviting import SlipsIssued, WayIn
from handlers.joining import IdentityNeeded
from meeting.people import Role
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind
from storage import cards, people
from storage.claims import list_waiting_claims
from storage.database import Database
from storage.rows import LiveCardRow
from tests.handlers.journey import ORGANISER, Journey, Phone, plan, refused, seat

AN, BINH = "+84912345678", "+84987654321"


async def planned(database: Database) -> tuple[Journey, str]:
    """A meeting whose shared link was handed out; nobody has come."""
    meeting = plan([seat("An", phone=AN), seat("Bình", phone=BINH), "Cúc"])
    journey = await Journey.planned(database, meeting, are_bound=False)
    return journey, (await inviting.give_shared_way(journey.house, journey.meeting_id)).token


async def comes(journey: Journey, token: str, name: str) -> None:
    joined = await joining.join(journey.house, journey.sender(name), journey.event(), token)
    assert isinstance(joined, IdentityNeeded)
    journey.phones[name] = Phone(journey.sender(name), joined.account.account_id)


async def claimed(journey: Journey, token: str, name: str, typed: str) -> int:
    await comes(journey, token, name)
    made = await claims.claim_name(journey.house, journey.asked(name), token, typed)
    assert isinstance(made, ClaimMade)
    return made.claim_id


async def person_of(journey: Journey, name: str) -> str | None:
    async with journey.database.snapshot() as tx:
        person = await people.find_bound_person(tx, journey.account(name), journey.organisation_id)
        return None if person is None else await people.get_person_name(tx, person)


async def test_the_shared_link_is_one_however_many_ask_for_it(database: Database) -> None:
    journey, token = await planned(database)
    ways = await asyncio.gather(
        *(inviting.give_shared_way(journey.house, journey.meeting_id) for _ in range(5))
    )
    assert {way.token for way in ways} == {token}
    for number in range(20):
        await comes(journey, token, f"Người {number}")


async def test_the_shared_link_ends_a_week_after_the_meeting(database: Database) -> None:
    journey, token = await planned(database)
    await journey.open_meeting()
    await journey.close_meeting()
    await comes(journey, token, "Muộn")
    journey.clock.advance(timedelta(days=7))
    late = await joining.join(journey.house, journey.sender("Quá muộn"), journey.event(), token)
    assert refused(late) is Refusal.CODE_EXPIRED
    asked = await claims.claim_name(journey.house, journey.asked("Muộn"), token, "An")
    assert refused(asked) is Refusal.CODE_EXPIRED
    shared = await claims.share_phone(journey.house, journey.asked("Muộn"), token, AN)
    assert refused(shared) is Refusal.CODE_EXPIRED


async def test_of_two_decisions_at_once_one_counts(database: Database) -> None:
    journey, token = await planned(database)
    await journey.appoint("Thư ký", Role.SECRETARY)
    for number in range(4):
        name = f"Người {number}"
        claim = await claimed(journey, token, name, "An")
        house, attendee = journey.house, journey.attendees["An"]
        outcomes = await asyncio.gather(
            claims.accept_claim(house, journey.asked(ORGANISER), claim, attendee, is_sure=True),
            claims.decline_claim(house, journey.asked("Thư ký"), claim),
            claims.accept_claim(
                house, journey.asked("Thư ký"), claim, journey.attendees["Cúc"], is_sure=True
            ),
        )
        kinds = Counter(type(outcome) for outcome in outcomes)
        assert kinds[Refused] == 2
        assert kinds[ClaimAccepted] + kinds[ClaimDeclined] == 1
        decided = next(outcome for outcome in outcomes if not isinstance(outcome, Refused))
        expected = decided.person if isinstance(decided, ClaimAccepted) else None
        assert await person_of(journey, name) == expected


async def test_two_who_say_the_same_are_not_both_that_person(database: Database) -> None:
    journey, token = await planned(database)
    first, second = [await claimed(journey, token, name, "An") for name in ("Một", "Hai")]
    attendee = journey.attendees["An"]
    accepted = await claims.accept_claim(
        journey.house, journey.asked(ORGANISER), first, attendee, is_sure=False
    )
    assert accepted == ClaimAccepted("An")
    unsure = await claims.accept_claim(
        journey.house, journey.asked(ORGANISER), second, attendee, is_sure=False
    )
    assert unsure == ClaimUnsure("An")
    moved = await claims.accept_claim(journey.house, journey.asked(ORGANISER), second, attendee, is_sure=True)
    assert moved == ClaimAccepted("An")
    assert (await person_of(journey, "Một"), await person_of(journey, "Hai")) == (None, "An")
    acts = await journey.acts()
    assert (acts.count("account_bound"), acts.count("account_moved")) == (1, 1)


async def test_one_number_links_one_account_though_it_comes_twice(database: Database) -> None:
    journey, token = await planned(database)
    for name in ("Một", "Hai"):
        await comes(journey, token, name)
    await asyncio.gather(
        *(claims.share_phone(journey.house, journey.asked(name), token, AN) for name in ("Một", "Hai"))
    )
    assert sorted(filter(None, [await person_of(journey, name) for name in ("Một", "Hai")])) == ["An"]


async def test_numbers_that_fit_nobody_are_tried_ten_times(database: Database) -> None:
    journey, token = await planned(database)
    await comes(journey, token, "Phá")
    for _ in range(10):
        tried = await claims.share_phone(journey.house, journey.asked("Phá"), token, "+84900000000")
        assert tried == PhoneUnmatched(())
    tried = await claims.share_phone(journey.house, journey.asked("Phá"), token, AN)
    assert refused(tried) is Refusal.TOO_MANY_TRIES
    assert await person_of(journey, "Phá") is None


async def test_who_was_linked_meanwhile_claims_nothing_more(database: Database) -> None:
    journey, token = await planned(database)
    claim = await claimed(journey, token, "Một", "Cúc")
    shared = await claims.share_phone(journey.house, journey.asked("Một"), token, AN)
    assert not isinstance(shared, Refused)
    async with database.snapshot() as tx:
        assert await list_waiting_claims(tx, journey.meeting_id) == []
    late = await claims.accept_claim(
        journey.house, journey.asked(ORGANISER), claim, journey.attendees["Cúc"], is_sure=True
    )
    assert refused(late) is Refusal.CLAIM_DECIDED
    again = await claims.claim_name(journey.house, journey.asked("Một"), token, "Cúc")
    assert refused(again) is Refusal.OUT_OF_DATE
    assert await person_of(journey, "Một") == "An"


async def test_a_personal_link_is_no_shared_one(database: Database) -> None:
    journey, token = await planned(database)
    await comes(journey, token, "Một")
    personal = await journey.token("Bình")
    asked = await claims.claim_name(journey.house, journey.asked("Một"), personal, "Bình")
    assert refused(asked) is Refusal.CODE_UNKNOWN
    shared = await claims.share_phone(journey.house, journey.asked("Một"), personal, AN)
    assert refused(shared) is Refusal.CODE_UNKNOWN


async def test_the_first_who_waits_brings_the_list_down(database: Database) -> None:
    journey, token = await planned(database)
    await claimed(journey, token, "Một", "An")
    organiser = journey.account(ORGANISER)

    async def ref() -> str | None:
        async with database.snapshot() as tx:
            row = await tx.exec(
                select(LiveCardRow.ref).where(
                    col(LiveCardRow.kind) == CardKind.CLAIMS, col(LiveCardRow.account_id) == organiser
                )
            )
            return row.one()

    async with database.transaction() as tx:
        await cards.move_card(tx, CardKind.CLAIMS, journey.meeting_id, organiser, "here")
    await claimed(journey, token, "Hai", "Bình")
    assert await ref() == "here", "the list is changed where it stands"
    async with database.snapshot() as tx:
        waiting = await list_waiting_claims(tx, journey.meeting_id)
    for claim in waiting:
        await claims.decline_claim(journey.house, journey.asked(ORGANISER), claim.claim_id)
    await claimed(journey, token, "Ba", "Cúc")
    assert await ref() is None, "after a pause it is shown anew, where it is noticed"


async def test_only_an_organiser_lets_somebody_speak_for_an_organiser(database: Database) -> None:
    meeting = plan(["An", "Cúc"])
    journey = await Journey.planned(database, meeting, are_bound=False)
    house, token = journey.house, (await inviting.give_shared_way(journey.house, journey.meeting_id)).token
    await journey.appoint("Thư ký", Role.SECRETARY)
    await journey.bind("An")
    granted = await inviting.invite_role(house, journey.asked(ORGANISER), journey.meeting_id, Role.ORGANISER)
    assert isinstance(granted, WayIn)
    await journey.join("An", granted.token)
    claim, an, before = (
        await claimed(journey, token, "Lạ", "An"),
        journey.attendees["An"],
        await journey.acts(),
    )

    def decide(by: str) -> list[Coroutine[None, None, object]]:
        asked = journey.asked
        return [
            claims.accept_claim(house, asked(by), claim, an, is_sure=False),
            claims.accept_claim(house, asked(by), claim, an, is_sure=True),
            binding.unbind_account(house, asked(by), an, "telegram"),
            inviting.renew_invitation(house, asked(by), an),
        ]

    assert [await each for each in decide("Thư ký")] == [Refused(Refusal.ORGANISERS_ONLY)] * 4
    assert (await person_of(journey, "An"), await person_of(journey, "Lạ")) == ("An", None)
    assert await journey.acts() == before
    by_secretary = await inviting.issue_slips(house, journey.asked("Thư ký"), journey.meeting_id)
    assert isinstance(by_secretary, SlipsIssued)
    assert ([who.name for who, _ in by_secretary.ways], by_secretary.withheld) == (["Cúc"], 1)
    by_organiser = await inviting.issue_slips(house, journey.asked(ORGANISER), journey.meeting_id)
    assert isinstance(by_organiser, SlipsIssued)
    assert ([who.name for who, _ in by_organiser.ways], by_organiser.withheld) == (["An", "Cúc"], 0)
    decided = [await each for each in decide(ORGANISER)]
    assert decided[:3] == [ClaimUnsure("An"), ClaimAccepted("An"), LetGo("An")]
    assert isinstance(decided[3], WayIn)
