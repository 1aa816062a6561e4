"""What a superior said and what the chair concluded is kept as it was typed, until the meeting closes."""

from handlers import speeches
from handlers.meetings import Unchanged
from handlers.speeches import SpeechDraft, SpeechRecorded, SpeechWithdrawn
from meeting.people import Role
from meeting.refusals import Refusal, Refused
from meeting.speaking import MOST_SPEECHES, SpeechKind
from storage.database import Database
from storage.reading import get_results_view
from storage.views import SpeechView
from tests.handlers.journey import ITEMS, ORGANISER, Journey, plan, refused, seat

DIRECTIVE = SpeechDraft(SpeechKind.DIRECTIVE, "Trương Minh Hoàng", "Phó Bí thư", "Ghi nhận, biểu dương.")
CONCLUSION = SpeechDraft(SpeechKind.CONCLUSION, "Lê Quang Minh", "", "Thực hiện tốt Giao ước.")


async def recorded(journey: Journey, draft: SpeechDraft, item_id: int | None = None) -> int:
    result = await speeches.record_speech(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, item_id, draft
    )
    assert isinstance(result, SpeechRecorded), result
    return result.speech_id


async def said(journey: Journey) -> tuple[SpeechView, ...]:
    async with journey.database.snapshot() as tx:
        return (await get_results_view(tx, journey.meeting_id)).speeches


async def test_speeches_are_recorded_corrected_and_withdrawn_until_the_close(database: Database) -> None:
    journey = await Journey.planned(database, plan([seat("Trần Chủ", role=Role.CHAIR), "An"], ITEMS))
    house, asked = journey.house, journey.asked
    early = await speeches.record_speech(house, asked(ORGANISER), journey.meeting_id, None, DIRECTIVE)
    assert refused(early) is Refusal.MEETING_NOT_OPEN
    await journey.open_meeting()
    first = await recorded(journey, DIRECTIVE, journey.items[0])
    second = await recorded(journey, CONCLUSION)
    wrong = await recorded(journey, CONCLUSION)
    better = SpeechDraft(SpeechKind.CONCLUSION, DIRECTIVE.speaker, "Phó Bí thư Tỉnh đoàn", DIRECTIVE.text)
    assert await speeches.correct_speech(house, asked("Trần Chủ"), first, better) == SpeechRecorded(
        journey.meeting_id, first
    )
    assert await speeches.correct_speech(house, asked("Trần Chủ"), first, better) == Unchanged()
    gone = await speeches.withdraw_speech(house, asked(ORGANISER), wrong)
    assert gone == SpeechWithdrawn(journey.meeting_id)
    assert await speeches.withdraw_speech(house, asked(ORGANISER), wrong) == Unchanged()
    late = await speeches.correct_speech(house, asked(ORGANISER), wrong, better)
    assert refused(late) is Refusal.SPEECH_WITHDRAWN
    shown = await said(journey)
    assert [(one.speech_id, one.kind, one.position, one.item_id) for one in shown] == [
        (first, SpeechKind.DIRECTIVE, "Phó Bí thư Tỉnh đoàn", journey.items[0]),
        (second, SpeechKind.CONCLUSION, "", None),
    ], "its kind stays, and what was withdrawn reaches nothing"
    await journey.close_meeting()
    over: list[object] = [
        await speeches.record_speech(house, asked(ORGANISER), journey.meeting_id, None, DIRECTIVE),
        await speeches.correct_speech(house, asked(ORGANISER), first, DIRECTIVE),
        await speeches.withdraw_speech(house, asked(ORGANISER), first),
    ]
    assert [refused(each) for each in over] == [Refusal.MEETING_CLOSED] * 3
    assert await said(journey) == shown
    entries = [each for each in await journey.entries() if each.act.startswith("speech")]
    assert [each.act for each in entries] == [
        *["speech_recorded"] * 3,
        "speech_corrected",
        "speech_withdrawn",
    ]
    assert "Hoàng" not in str(entries)
    assert entries[3].facts["before"]["text"] == entries[3].facts["text"]
    assert entries[3].facts["before"]["speaker"] != entries[3].facts["speaker"]


async def test_speeches_have_words_an_item_of_the_meeting_and_an_end(database: Database) -> None:
    journey = await Journey.opened(database, plan(["An"], ITEMS))
    elsewhere = journey.items[0]
    await journey.add_meeting(plan(["An"], ITEMS, title="Hội nghị khác"))
    await journey.open_meeting()
    refusals = {
        Refusal.NOT_FOUND: (elsewhere, DIRECTIVE),
        Refusal.TEXT_EMPTY: (None, SpeechDraft(SpeechKind.DIRECTIVE, "Lịch", "", " ")),
        Refusal.NAME_UNREADABLE: (None, SpeechDraft(SpeechKind.DIRECTIVE, "?", "", "Ghi nhận")),
        Refusal.TEXT_TOO_LONG: (None, SpeechDraft(SpeechKind.DIRECTIVE, "Lịch", "", "x" * 3001)),
    }
    for reason, (item_id, draft) in refusals.items():
        result = await speeches.record_speech(
            journey.house, journey.asked(ORGANISER), journey.meeting_id, item_id, draft
        )
        assert refused(result) is reason
    for _ in range(MOST_SPEECHES):
        await recorded(journey, CONCLUSION)
    more = await speeches.record_speech(
        journey.house, journey.asked(ORGANISER), journey.meeting_id, None, CONCLUSION
    )
    assert isinstance(more, Refused)
    assert more.reason is Refusal.SPEECHES_TOO_MANY
