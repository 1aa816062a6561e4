"""Who speaks, and how to speak to them: many accounts in one look."""

from meeting.people import Standing
from storage.database import Database
from storage.people import list_speakers
from storage.reading import find_manner
from storage.views import MannerView
from tests.handlers.journey import ORGANISER, Journey, plan, seat


async def test_accounts_are_given_with_the_manner_of_their_current_meeting(database: Database) -> None:
    meeting = plan(["Trần An", seat("Võ Khách", standing=Standing.GUEST)])
    journey = await Journey.planned(database, meeting)
    await journey.bind("Trần An", platform="web")
    await journey.meet("Người lạ")
    phones = {name: journey.phones[name].sender for name in ("Trần An", "Võ Khách", ORGANISER, "Người lạ")}
    page = journey.phones["Trần An (web)"].sender
    senders = {(one.platform, one.external_id) for one in (*phones.values(), page)}
    async with database.snapshot() as tx:
        speakers = await list_speakers(tx, {*senders, ("telegram", "nobody"), ("zalo", page.external_id)})
        assert await list_speakers(tx, set()) == {}
    assert speakers.keys() == senders, "unknown ones are left out"
    manner = MannerView("vi", "Asia/Ho_Chi_Minh", "dong_chi", Standing.VOTING)
    assert speakers["web", page.external_id].manner == manner
    standings = {
        name: (speaker := speakers["telegram", one.external_id]).manner and speaker.manner.standing
        for name, one in phones.items()
    }
    assert standings == {
        "Trần An": Standing.VOTING,
        "Võ Khách": Standing.GUEST,
        ORGANISER: None,
        "Người lạ": None,
    }
    assert speakers["telegram", phones["Người lạ"].external_id].manner is None


async def test_the_manner_of_another_meeting_is_found_by_its_id(database: Database) -> None:
    journey = await Journey.planned(database, plan(["Trần An"]))
    async with database.snapshot() as tx:
        found = await find_manner(tx, journey.meeting_id, journey.account("Trần An"))
        assert found == MannerView("vi", "Asia/Ho_Chi_Minh", "dong_chi", Standing.VOTING)
        assert await find_manner(tx, 99, journey.account("Trần An")) is None
