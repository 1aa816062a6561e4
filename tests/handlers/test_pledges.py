"""Pledges from the first proposal of parties to the signed paper, with what goes wrong on the way."""

import asyncio
from datetime import timedelta

from handlers import agenda, moving, pledge_parties, pledges, versions
from handlers.due import do_due_work
from handlers.joining import give_consent
from handlers.meetings import Unchanged
from handlers.papers import withdraw_paper
from handlers.pledge_parties import PledgeChanged, PledgeSetUp, SignerNamed
from handlers.pledges import PartyConfirmed, PledgeFrozen, PledgeStopped, SignaturesEntered
from meeting.agenda import Direction, ItemKind
from meeting.papers import Paper, PaperKind
from meeting.people import Purpose, Role, Standing
from meeting.plan import PlannedItem
from meeting.pledges import ConfirmationState, Party, Pledge, PledgeKind, Signer
from meeting.refusals import Refusal, Refused
from meeting.states import CardKind, DueKind, MeetingState, PostKind, WorkState
from meeting.versions import text_digest
from storage import due
from storage import pledges as stored
from storage.database import Database
from storage.people import find_bound_person
from storage.reading import get_meeting_view, pledge_views
from tests.handlers.journey import ORGANISER, Journey, plan, refused, seat

TEXT = "I. Thi đua hoàn thành nhiệm vụ.\nII. Chấp hành quy chế."
UNITS = tuple(f"Chi cục {number}" for number in range(1, 8))
SIGNERS = tuple(f"Đại biểu {number}" for number in range(1, 8))
SCAN = Paper("Giao ước có chữ ký.pdf", PaperKind.PDF, 5, "a" * 64)
OTHER_SCAN = Paper("Bản khác.pdf", PaperKind.PDF, 6, "b" * 64)
PAPER, DIGITAL = ConfirmationState.SIGNED_ON_PAPER, ConfirmationState.DIGITALLY_SIGNED


async def cluster(database: Database, units: int = 7, text: str = TEXT) -> tuple[Journey, int]:
    """An open meeting of a cluster, its pledge set up, with one delegate of each unit as its signer."""
    chair = seat("Chủ tọa", standing=Standing.GUEST, role=Role.CHAIR)
    seats = [seat(name, unit) for name, unit in zip(SIGNERS[:units], UNITS, strict=False)]
    item = PlannedItem("Ký giao ước thi đua", ItemKind.PLEDGE, text=text)
    journey = await Journey.opened(database, plan([chair, *seats], [item], units=UNITS[:units]))
    await journey.appoint("Thư ký", Role.SECRETARY)
    made = await pledge_parties.set_up_pledge(
        journey.house, journey.asked(ORGANISER), journey.items[0], PledgeKind.CLUSTER, ()
    )
    assert isinstance(made, PledgeSetUp), made
    return journey, made.pledge_id


async def read(journey: Journey, pledge_id: int) -> Pledge:
    async with journey.database.snapshot() as tx:
        return await stored.get_pledge(tx, pledge_id)


async def freeze(
    journey: Journey, pledge_id: int, version: int = 1, by: str = "Chủ tọa"
) -> PledgeFrozen | Unchanged | Refused:
    return await pledges.freeze_pledge(journey.house, journey.asked(by), pledge_id, version)


async def frozen(journey: Journey, pledge_id: int, version: int = 1) -> Pledge:
    done = await freeze(journey, pledge_id, version)
    assert isinstance(done, PledgeFrozen), done
    return await read(journey, pledge_id)


async def tap(
    journey: Journey, under: Pledge, party: Party, by: str | None = None
) -> PartyConfirmed | Unchanged | Refused:
    """A signer taps what stood under the pledge as it was read."""
    assert under.frozen is not None
    return await pledges.confirm_pledge(
        journey.house,
        journey.asked(by or party.signer),
        party.party_id,
        under.frozen.version,
        under.frozen.mark,
    )


async def enter(
    journey: Journey,
    pledge_id: int,
    party_id: int = 0,
    state: ConfirmationState = PAPER,
    scan: Paper | None = SCAN,
    by: str = "Thư ký",
    under: Pledge | None = None,
) -> SignaturesEntered | Unchanged | Refused:
    """A copy is handed in that was asked for under the pledge as it was read, or as it is now."""
    evidence = None if scan is None else (scan, b"%PDF-")
    text = (under or await read(journey, pledge_id)).frozen
    shown = (0, "") if text is None else (text.version, text.mark)
    return await pledges.enter_signatures(
        journey.house, journey.asked(by), pledge_id, party_id, state, shown=shown, evidence=evidence
    )


async def name(
    journey: Journey, party_id: int, signer: Signer, *, replaces: bool = True
) -> SignerNamed | Refused:
    return await pledge_parties.name_signer(
        journey.house, journey.asked(ORGANISER), party_id, signer, replaces=replaces
    )


async def cards_of(journey: Journey, pledge_id: int, who: str) -> int:
    """How often somebody was to be shown the pledge."""
    return (await journey.cards_of(who)).get((CardKind.PLEDGE, pledge_id), 0)


async def test_seven_units_confirm_one_text_six_are_not_all_and_the_signed_paper_comes_after(
    database: Database,
) -> None:
    journey, pledge_id = await cluster(database)
    draft = await read(journey, pledge_id)
    assert [party.name for party in draft.parties] == list(UNITS)
    assert [party.signer for party in draft.parties] == list(SIGNERS)
    now = await frozen(journey, pledge_id)
    assert now.frozen is not None
    assert now.frozen.sha256 == text_digest(TEXT)
    for party in now.parties[:6]:
        await tap(journey, now, party)
    six = await read(journey, pledge_id)
    assert (len(six.confirmed), six.is_complete) == (6, False)
    assert await tap(journey, now, now.parties[6]) == PartyConfirmed(pledge_id, 7, 7)
    seven = await read(journey, pledge_id)
    assert (seven.is_complete, seven.is_signed) == (True, False)
    await journey.close_meeting()
    entered = await enter(journey, pledge_id)
    assert isinstance(entered, SignaturesEntered)
    assert entered.names == UNITS
    signed = await read(journey, pledge_id)
    assert signed.is_signed
    for party in signed.parties:
        assert party.confirmation is not None
        assert party.confirmation.evidence_sha256 == SCAN.sha256
        assert party.confirmation.sha256 == text_digest(TEXT)
        assert party.confirmation.confirmed_at is not None
    assert isinstance(await enter(journey, pledge_id), Unchanged)
    acts = [entry.act for entry in await journey.entries()]
    assert acts.count("pledge_confirmed") == acts.count("pledge_signed") == 7
    assert not any("Chi cục" in str(entry.facts) for entry in await journey.entries())


async def test_another_text_voids_all_tells_those_who_had_confirmed_and_nothing_old_is_taken(
    database: Database,
) -> None:
    journey, pledge_id = await cluster(database, 3)
    first = await frozen(journey, pledge_id)
    for party in first.parties[:2]:
        assert isinstance(await tap(journey, first, party), PartyConfirmed)
    made = await versions.put_text(journey.house, journey.asked(ORGANISER), journey.items[0], "Mới.", 1)
    assert isinstance(made, versions.VersionMade)
    assert made.voided == 2
    thawed = await read(journey, pledge_id)
    assert (thawed.frozen, thawed.confirmed) == (None, ())
    assert PostKind.PLEDGE_VOIDED in await journey.posts_to(SIGNERS[0])
    assert PostKind.PLEDGE_VOIDED in await journey.posts_to(SIGNERS[1])
    assert PostKind.PLEDGE_VOIDED not in await journey.posts_to(SIGNERS[2])
    assert refused(await tap(journey, first, first.parties[2])) is Refusal.PLEDGE_NOT_FROZEN
    assert refused(await freeze(journey, pledge_id, 1)) is Refusal.PLEDGE_SUPERSEDED
    second = await frozen(journey, pledge_id, 2)
    stale = await tap(journey, first, first.parties[0])
    assert refused(stale) is Refusal.PLEDGE_SUPERSEDED
    assert (await read(journey, pledge_id)).confirmed == ()
    assert isinstance(await tap(journey, second, second.parties[0]), PartyConfirmed)
    voided = next(entry for entry in await journey.entries() if entry.act == "pledge_voided")
    assert voided.facts["parties"] == [party.party_id for party in first.parties[:2]]
    assert voided.facts["superseded_by"] == 2


async def test_only_its_signer_confirms_for_a_party_and_only_once(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    first, second = (await read(journey, pledge_id)).parties
    now = await frozen(journey, pledge_id)
    for other in (SIGNERS[1], "Thư ký", "Chủ tọa", ORGANISER):
        assert refused(await tap(journey, now, first, by=other)) is Refusal.PLEDGE_NOT_SIGNER
    assert isinstance(await tap(journey, now, first), PartyConfirmed)
    assert isinstance(await tap(journey, now, first), Unchanged)
    taken = Signer(await person(journey, SIGNERS[0]), "")
    assert refused(await name(journey, second.party_id, taken)) is Refusal.PLEDGE_SIGNER_TAKEN
    assert refused(await name(journey, first.party_id, taken)) is Refusal.PLEDGE_CONFIRMED
    third = Signer(None, "Giám đốc")
    has = await name(journey, second.party_id, third, replaces=False)
    assert has == Refused(Refusal.PLEDGE_HAS_SIGNER, {"party": UNITS[1], "signer": SIGNERS[1]})


async def person(journey: Journey, who: str) -> int:
    async with journey.database.snapshot() as tx:
        found = await find_bound_person(tx, journey.account(who), journey.organisation_id)
    assert found is not None
    return found


async def test_who_confirm_at_once_all_count_once_and_none_outlives_another_text(database: Database) -> None:
    journey, pledge_id = await cluster(database, 4)
    now = await frozen(journey, pledge_id)
    results = await asyncio.gather(
        *(tap(journey, now, party) for party in (*now.parties[:3], *now.parties[:3]))
    )
    assert sorted(type(result).__name__ for result in results) == ["PartyConfirmed"] * 3 + ["Unchanged"] * 3
    text = versions.put_text(journey.house, journey.asked(ORGANISER), journey.items[0], "Mới.", 1)
    made, late = await asyncio.gather(text, tap(journey, now, now.parties[3]))
    assert isinstance(made, versions.VersionMade)
    assert isinstance(late, PartyConfirmed | Refused)
    after = await read(journey, pledge_id)
    assert (after.frozen, [party.confirmation for party in after.parties]) == (None, [None] * 4)
    # Fixed, changed and stopped at once, what is fixed is the newest text or none, and nothing is confirmed.
    await asyncio.gather(
        freeze(journey, pledge_id, 2),
        versions.put_text(journey.house, journey.asked(ORGANISER), journey.items[0], "Mới hơn.", 2),
        freeze(journey, pledge_id, 3, by="Thư ký"),
        tap(journey, now, now.parties[0]),
        pledges.stop_pledge(journey.house, journey.asked("Thư ký"), pledge_id),
    )
    last = await read(journey, pledge_id)
    assert last.confirmed == ()
    assert last.frozen is None or (last.frozen.version, last.frozen.sha256) == (3, text_digest("Mới hơn."))


async def test_a_leader_who_attends_nothing_replaces_the_delegate_and_confirms(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    first = (await read(journey, pledge_id)).parties[0]
    await frozen(journey, pledge_id)
    secretary = Signer(await person(journey, "Thư ký"), "khác tên", "Chi cục trưởng")
    named = await name(journey, first.party_id, secretary)
    assert named == SignerNamed(pledge_id, first.party_id, is_reached=True)
    now = await read(journey, pledge_id)
    assert (now.parties[0].signer, now.parties[0].position) == ("Thư ký", "Chi cục trưởng")
    assert refused(await tap(journey, now, now.parties[0], by=SIGNERS[0])) is Refusal.PLEDGE_NOT_SIGNER
    assert isinstance(await tap(journey, now, now.parties[0]), PartyConfirmed)
    on_paper = await name(journey, now.parties[1].party_id, Signer(None, "Trần Văn Giấy"))
    assert on_paper == SignerNamed(pledge_id, now.parties[1].party_id, is_reached=False)
    for wrong, reason in (
        (Signer(10**6, "Ai đó"), Refusal.NOT_FOUND),
        (Signer(None, "1"), Refusal.NAME_UNREADABLE),
        (Signer(None, "a" * 101), Refusal.TEXT_TOO_LONG),
        (Signer(None, "An", "b" * 201), Refusal.TEXT_TOO_LONG),
    ):
        assert refused(await name(journey, now.parties[1].party_id, wrong)) is reason


async def test_in_a_fixed_order_the_next_is_asked_when_it_is_their_turn(database: Database) -> None:
    journey, pledge_id = await cluster(database, 3)
    house, by = journey.house, journey.asked
    way = await pledge_parties.set_way(house, by(ORGANISER), pledge_id, is_ordered=True, is_on_paper=False)
    assert way == PledgeChanged(pledge_id)
    last = (await read(journey, pledge_id)).parties[2]
    moved = await pledge_parties.move_party(house, by(ORGANISER), last.party_id, Direction.UP)
    assert isinstance(moved, PledgeChanged)
    now = await frozen(journey, pledge_id)
    assert [party.name for party in now.parties] == [UNITS[0], UNITS[2], UNITS[1]]
    assert [bool(await cards_of(journey, pledge_id, who)) for who in SIGNERS[:3]] == [True, False, False]
    assert refused(await tap(journey, now, now.parties[1])) is Refusal.PLEDGE_NOT_TURN
    await tap(journey, now, now.parties[0])
    assert await cards_of(journey, pledge_id, SIGNERS[2]) > 0
    assert await cards_of(journey, pledge_id, SIGNERS[1]) == 0
    assert isinstance(await tap(journey, now, now.parties[1]), PartyConfirmed)


async def test_a_signer_who_is_linked_later_is_asked_then(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    now = await frozen(journey, pledge_id)
    await journey.bind(SIGNERS[0], platform="web")
    assert await cards_of(journey, pledge_id, f"{SIGNERS[0]} (web)")
    await tap(journey, now, now.parties[1])
    await journey.bind(SIGNERS[1], platform="web")
    assert not await cards_of(journey, pledge_id, f"{SIGNERS[1]} (web)")


async def test_on_paper_only_nobody_taps_and_each_signature_comes_with_its_copy(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    house, by = journey.house, journey.asked
    await pledge_parties.set_way(house, by(ORGANISER), pledge_id, is_ordered=False, is_on_paper=True)
    assert refused(await enter(journey, pledge_id)) is Refusal.PLEDGE_NOT_FROZEN
    now = await frozen(journey, pledge_id)
    first, second = now.parties
    assert refused(await tap(journey, now, first)) is Refusal.PLEDGE_ON_PAPER
    assert refused(await enter(journey, pledge_id, scan=None)) is Refusal.PLEDGE_EVIDENCE_MISSING
    assert refused(await enter(journey, pledge_id, by=SIGNERS[0])) is Refusal.NOT_PERMITTED
    tapped = await enter(journey, pledge_id, first.party_id, ConfirmationState.CONFIRMED)
    assert refused(tapped) is Refusal.PLEDGE_EVIDENCE_MISSING
    done = await enter(journey, pledge_id, first.party_id)
    assert done == SignaturesEntered(pledge_id, (first.name,))
    done = await enter(journey, pledge_id, second.party_id, DIGITAL, OTHER_SCAN)
    assert done == SignaturesEntered(pledge_id, (second.name,))
    now = await read(journey, pledge_id)
    assert now.is_signed
    file = now.parties[0].confirmation
    assert file is not None
    assert file.evidence_id is not None
    kept = await withdraw_paper(house, by(ORGANISER), file.evidence_id)
    assert refused(kept) is Refusal.PAPER_IS_EVIDENCE
    back = await pledges.withdraw_signature(house, by("Thư ký"), first.party_id)
    assert not isinstance(back, Refused)
    again = await pledges.withdraw_signature(house, by("Thư ký"), first.party_id)
    assert refused(again) is Refusal.PLEDGE_NOT_SIGNED
    assert [party.name for party in (await read(journey, pledge_id)).missing] == [first.name]
    assert not isinstance(await withdraw_paper(house, by(ORGANISER), file.evidence_id), Refused)


async def test_a_copy_of_another_text_is_not_taken_and_a_second_copy_replaces_none(
    database: Database,
) -> None:
    journey, pledge_id = await cluster(database, 2)
    first = await frozen(journey, pledge_id)
    made = await versions.put_text(journey.house, journey.asked(ORGANISER), journey.items[0], "Mới.", 1)
    assert isinstance(made, versions.VersionMade)
    second = await frozen(journey, pledge_id, 2)
    assert refused(await enter(journey, pledge_id, under=first)) is Refusal.PLEDGE_SUPERSEDED
    assert (await read(journey, pledge_id)).confirmed == ()
    party_id = second.parties[0].party_id
    both = await asyncio.gather(
        enter(journey, pledge_id, party_id), enter(journey, pledge_id, party_id, DIGITAL, OTHER_SCAN)
    )
    assert sorted(isinstance(one, SignaturesEntered) for one in both) == [False, True]
    assert [refused(one) for one in both if isinstance(one, Refused)] == [Refusal.PLEDGE_SIGNED]
    assert [entry.act for entry in await journey.entries()].count("pledge_signed") == 1


async def test_a_signature_in_error_leaves_the_confirmation_that_was_there(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    now = await frozen(journey, pledge_id)
    await tap(journey, now, now.parties[0])
    before = (await read(journey, pledge_id)).parties[0].confirmation
    await enter(journey, pledge_id, now.parties[0].party_id)
    await pledges.withdraw_signature(journey.house, journey.asked("Thư ký"), now.parties[0].party_id)
    assert (await read(journey, pledge_id)).parties[0].confirmation == before


async def test_parties_change_before_confirming_only_and_a_stop_voids_what_was_confirmed(
    database: Database,
) -> None:
    journey, pledge_id = await cluster(database, 2)
    house, by, first = journey.house, journey.asked, (await read(journey, pledge_id)).parties[0]
    twice = await pledge_parties.add_party(house, by(ORGANISER), pledge_id, "  chi cuc 2 ")
    assert refused(twice) is Refusal.PLEDGE_PARTY_THERE
    added = await pledge_parties.add_party(house, by(ORGANISER), pledge_id, "Công đoàn")
    assert isinstance(added, PledgeChanged)
    assert refused(await freeze(journey, pledge_id)) is Refusal.PLEDGE_NO_SIGNER
    assert added.party_id is not None
    await pledge_parties.remove_party(house, by(ORGANISER), added.party_id)
    same = await pledge_parties.rename_party(house, by(ORGANISER), first.party_id, UNITS[0].upper())
    assert isinstance(same, PledgeChanged)
    await pledge_parties.set_witness(house, by(ORGANISER), pledge_id, " Đại diện  cấp trên ")
    now = await frozen(journey, pledge_id)
    assert now.witness == "Đại diện cấp trên"
    assert isinstance(await freeze(journey, pledge_id), Unchanged)
    for late in (
        pledge_parties.add_party(house, by(ORGANISER), pledge_id, "Khác"),
        pledge_parties.remove_party(house, by(ORGANISER), first.party_id),
        pledge_parties.remove_pledge(house, by(ORGANISER), pledge_id),
        pledge_parties.set_way(house, by(ORGANISER), pledge_id, is_ordered=True, is_on_paper=False),
    ):
        assert refused(await late) is Refusal.PLEDGE_FROZEN
    await tap(journey, now, now.parties[0])
    stopped = await pledges.stop_pledge(house, by("Chủ tọa"), pledge_id)
    assert stopped == PledgeStopped(pledge_id, 1)
    assert await pledges.stop_pledge(house, by("Chủ tọa"), pledge_id) == PledgeStopped(pledge_id, 0)
    gone = await pledge_parties.remove_pledge(house, by(ORGANISER), pledge_id)
    assert refused(gone) is Refusal.PLEDGE_WAS_CONFIRMED
    second = await pledge_parties.set_up_pledge(
        house, by(ORGANISER), journey.items[0], PledgeKind.INTERNAL, ("Thủ trưởng", "Công đoàn")
    )
    assert refused(second) is Refusal.PLEDGE_THERE_ALREADY


async def test_an_agency_pledges_between_two_parties_which_are_renamed_and_signed_for(
    database: Database,
) -> None:
    item = PlannedItem("Ký giao ước", ItemKind.PLEDGE)
    journey = await Journey.planned(database, plan([seat("Lê Giám Đốc", role=Role.CHAIR), "An"], [item]))
    house, by, kinds = journey.house, journey.asked, PledgeKind
    no_units = await pledge_parties.set_up_pledge(
        house, by(ORGANISER), journey.items[0], kinds.CLUSTER, ("A", "B")
    )
    assert refused(no_units) is Refusal.PLEDGE_NO_UNITS
    made = await pledge_parties.set_up_pledge(
        house, by(ORGANISER), journey.items[0], kinds.INTERNAL, ("Thủ trưởng", "Công đoàn")
    )
    assert isinstance(made, PledgeSetUp)
    removed = await pledge_parties.remove_pledge(house, by(ORGANISER), made.pledge_id)
    assert not isinstance(removed, Refused)
    made = await pledge_parties.set_up_pledge(
        house, by(ORGANISER), journey.items[0], kinds.INTERNAL, ("Thủ trưởng", "Công đoàn")
    )
    assert isinstance(made, PledgeSetUp)
    head, union = (await read(journey, made.pledge_id)).parties
    await name(journey, head.party_id, Signer(await person(journey, "Lê Giám Đốc"), ""), replaces=False)
    await name(journey, union.party_id, Signer(await person(journey, "An"), ""), replaces=False)
    early = await freeze(journey, made.pledge_id, by="Lê Giám Đốc")
    assert refused(early) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    empty = await freeze(journey, made.pledge_id, by="Lê Giám Đốc")
    assert refused(empty) is Refusal.PLEDGE_NO_TEXT
    await versions.put_text(house, by(ORGANISER), journey.items[0], TEXT, 1)
    assert isinstance(await freeze(journey, made.pledge_id, by="Lê Giám Đốc"), PledgeFrozen)
    now = await read(journey, made.pledge_id)
    assert [isinstance(await tap(journey, now, each), PartyConfirmed) for each in now.parties] == [True] * 2


async def test_a_changed_text_is_noticed_even_where_no_version_says_so(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    now = await frozen(journey, pledge_id)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE item_version SET text = 'Chữ khác.'")
    assert refused(await tap(journey, now, now.parties[0])) is Refusal.PLEDGE_SUPERSEDED
    assert (await read(journey, pledge_id)).confirmed == ()


async def until(journey: Journey, span: timedelta) -> None:
    """Let the clock run, doing what comes due on the way."""
    end = journey.clock.now() + span
    while True:
        async with journey.database.snapshot() as tx:
            next_at = await due.find_next_due_at(tx)
        now = journey.clock.now()
        journey.clock.advance(max(now, min(end, next_at or end)) - now)
        if not await do_due_work(journey.house, journey.clock.now()) and journey.clock.now() == end:
            return


async def reminded(journey: Journey, *names: str) -> list[int]:
    return [(await journey.posts_to(each)).count(PostKind.PLEDGE_REMINDER) for each in names]


async def test_signers_who_have_not_confirmed_are_reminded_and_the_secretary_of_who_is_out_of_reach(
    database: Database,
) -> None:
    journey, pledge_id = await cluster(database, 4)
    parties = (await read(journey, pledge_id)).parties
    await name(journey, parties[2].party_id, Signer(None, "Trần Văn Giấy"))
    await give_consent(
        journey.house,
        journey.asked(SIGNERS[3]),
        journey.meeting_id,
        Purpose.REMINDERS,
        "1",
        "vi",
        is_given=False,
    )
    now = await frozen(journey, pledge_id)
    await tap(journey, now, now.parties[0])
    await until(journey, timedelta(minutes=29))
    assert await reminded(journey, *SIGNERS[:4], "Thư ký") == [0, 0, 0, 0, 0]
    await until(journey, timedelta(minutes=2))
    assert await reminded(journey, *SIGNERS[:4], "Thư ký", "Chủ tọa") == [0, 1, 0, 0, 1, 0]
    await tap(journey, now, now.parties[1])
    await journey.close_meeting()
    await until(journey, timedelta(days=2))
    assert await reminded(journey, *SIGNERS[:4], "Thư ký") == [0, 1, 0, 0, 2]
    await enter(journey, pledge_id)
    await until(journey, timedelta(days=9))
    assert await reminded(journey, *SIGNERS[:4], "Thư ký") == [0, 1, 0, 0, 2]
    async with database.snapshot() as tx:
        works = await due.list_work(tx, journey.meeting_id, {DueKind.PLEDGE_WANTED})
    assert [work.state for work in works] == [WorkState.DONE, WorkState.DONE, WorkState.WITHDRAWN]


async def test_who_asks_sees_the_own_party_and_the_roles_that_they_have(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    await frozen(journey, pledge_id)
    accounts = {who: journey.account(who) for who in (SIGNERS[0], "Thư ký")}
    async with database.snapshot() as tx:
        views = await pledge_views(tx, pledge_id, accounts.values())
        meeting = await get_meeting_view(tx, journey.meeting_id)
    own = views[accounts[SIGNERS[0]]]
    assert own.own is not None
    assert (own.own.name, own.roles, own.text) == (UNITS[0], frozenset(), TEXT)
    assert views[accounts["Thư ký"]].own is None
    assert Role.SECRETARY in views[accounts["Thư ký"]].roles
    assert meeting.state is MeetingState.OPEN
    assert len(own.linked) == 2


async def test_what_is_left_out_or_cancelled_is_confirmed_no_more(database: Database) -> None:
    journey, pledge_id = await cluster(database, 2)
    house, by, item_id = journey.house, journey.asked, journey.items[0]
    now = await frozen(journey, pledge_id)
    assert refused(await agenda.skip_item(house, by(ORGANISER), item_id)) is Refusal.PLEDGE_FROZEN
    await pledges.stop_pledge(house, by("Chủ tọa"), pledge_id)
    await agenda.skip_item(house, by(ORGANISER), item_id)
    assert refused(await tap(journey, now, now.parties[0])) is Refusal.ITEM_DECIDED
    assert refused(await freeze(journey, pledge_id)) is Refusal.ITEM_DECIDED
    await agenda.retake_item(house, by("Chủ tọa"), item_id)
    now = await frozen(journey, pledge_id)
    await moving.cancel_meeting(house, by("Chủ tọa"), journey.meeting_id, "Bão")
    assert refused(await tap(journey, now, now.parties[0])) is Refusal.MEETING_CANCELLED
    assert refused(await enter(journey, pledge_id)) is Refusal.MEETING_CANCELLED
