"""Seed 2: the pledge signing of Cụm thi đua số 02, the morning of 07/04/2022.

The papers are agreed on with additions and without a count, as the article has it. A trial vote shows that
observers may not vote; it is cancelled, and nothing of it counts. When the meeting is over, a first unit
scores itself by the criteria that were agreed on.
"""

from datetime import datetime, timedelta

from bot.demo import seeds, texts
from bot.demo.ceremony import confirm_pledge, record_speech
from bot.demo.discussion import (
    ADDITION,
    QUESTION,
    Said,
    answer,
    ask_floor,
    enter,
    hear_speakers,
    say,
    take_into_text,
)
from bot.demo.hall import IN_FAVOUR, YES, Hall, key_of, voting
from bot.demo.visitor import VisitError, Visitor
from meeting.people import Standing

_CANCELLED = (
    "Lượt thử để kiểm tra trang biểu quyết; các đơn vị đề nghị thông qua các văn bản qua thảo luận, không "
    "kiểm đếm."
)
_BEFORE = Said("Công đoàn cơ sở Sở Nội vụ", ADDITION, texts.RULES_ADDITION, seeds.RULES_PAPER)
"""What a unit sent in before the meeting."""
_ADDITIONS = (
    Said("Cao Thị Minh Nguyệt", ADDITION, texts.PLEDGE_ADDITION, seeds.PLEDGE_PAPER),
    Said("Phan Thị Tường Vi", ADDITION, texts.PLAN_ADDITIONS[0], seeds.PLAN_PAPER),
    Said("Vũ Đình Toàn", ADDITION, texts.CRITERIA_ADDITION, seeds.CRITERIA_PAPER),
)
_QUESTION = Said(
    "Nguyễn Hữu Tài", QUESTION, "Các đơn vị tự chấm điểm vào thời gian nào?", seeds.CRITERIA_PAPER
)
_ANSWER = "Các đơn vị tự chấm điểm theo thời hạn Cụm trưởng thông báo; phiếu nộp qua trang của đơn vị."
_SPEAKERS = ("Hoàng Trung Hiếu", "Nguyễn Thị Hải Vân")

CRITERIA = """Phong trào thi đua; Hoàn thành các chỉ tiêu công tác công đoàn; 60
Hoạt động của Cụm; Tham gia đầy đủ hoạt động của Cụm; 40
Có mô hình, sáng kiến được nhân rộng trong Cụm; thưởng 5"""
"""Section, criterion and most points, as the secretary types them."""
_OWN_SCORES = (("58,5", "Hoàn thành 12/12 chỉ tiêu."), ("38", ""), ("0", ""))
"""Points and evidence, criterion by criterion."""


async def hold_signing(hall: Hall, founder_link: str) -> None:
    """Have the whole conference held, from the founding of the organisation to the summary."""
    people = [hall.enter(attendee) for attendee in hall.plan.attendees]
    organiser, chair = hall.of(seeds.CLUSTER_ORGANISER), hall.of(seeds.CLUSTER_CHAIR)
    secretary = hall.of(seeds.CLUSTER_SECRETARY)
    await hall.set_up(organiser, founder_link, seeds.CLUSTER)
    await hall.open_pages(await hall.hand_out(organiser), but=[organiser])
    await hall.reply({})
    early = await enter(hall, secretary, _BEFORE)
    hall.steps.say("a unit's opinion is entered")

    await secretary.tap("Mở xác nhận có mặt")
    await hall.check_in(people)
    await chair.tap("Khai mạc")
    await secretary.tap("Ghi số liệu sơ bộ: …")
    for item in hall.plan.items:
        if item.kind.is_procedural:
            await hall.agree(chair, secretary, item.title)
    await chair.tap("Xác nhận số lượng: …")
    hall.steps.say("the chair confirms the attendance")

    await _discuss(hall, chair, secretary, early)
    await hall.go_to(chair, seeds.PLEDGE_PAPER)
    await _try_votes(hall, chair, secretary)
    await hall.record_agreement(secretary, seeds.PLEDGE_PAPER)
    await hall.agree(chair, secretary, seeds.RULES_PAPER)
    await hall.agree(chair, secretary, seeds.PLAN_PAPER, texts.PLAN_ADDITIONS[1:])
    await hall.go_to(chair, seeds.CRITERIA_PAPER)
    await _enter_criteria(hall, secretary)
    await hall.record_agreement(secretary, seeds.CRITERIA_PAPER)

    await hall.go_to(chair, seeds.SIGNING)
    await _put_pledge(hall, secretary)
    onlooker = hall.of(_QUESTION.who)
    await confirm_pledge(hall, chair, seeds.CLUSTER_SIGNERS, onlooker, title=seeds.SIGNING)
    await hall.record_heard(secretary, seeds.SIGNING)
    await hall.go_to(chair, seeds.CONCLUSION)
    await record_speech(hall, secretary, "Ghi kết luận", seeds.CLUSTER_CHAIR, texts.CONCLUSION_SPEECH)
    await hall.record_heard(secretary, seeds.CONCLUSION)
    await hall.end(chair)
    await _score_oneself(hall, chair)


async def _discuss(hall: Hall, chair: Visitor, secretary: Visitor, early: int) -> None:
    """Units speak and propose additions, which the chair takes into the texts; a question is answered."""
    await hall.go_to(chair, seeds.PAPERS_DISCUSSION)
    for name in _SPEAKERS:
        await ask_floor(hall.of(name), seeds.PAPERS_DISCUSSION)
    await hear_speakers(hall, chair, _SPEAKERS)
    numbers = [early, *[await say(hall, said) for said in _ADDITIONS]]
    asked = await say(hall, _QUESTION)
    for number in numbers:
        await take_into_text(hall, chair, number)
    await answer(hall, chair, asked, _ANSWER)
    await hall.of(_QUESTION.who).sees(_ANSWER)
    await hall.record_heard(secretary, seeds.PAPERS_DISCUSSION)


async def _enter_criteria(hall: Hall, secretary: Visitor) -> None:
    """The criteria by which the units score themselves are entered, so that they are agreed on, too."""
    await _open_item(hall, secretary, seeds.CRITERIA_PAPER)
    await secretary.tap("Tiêu chí chấm điểm")
    await secretary.write("100")
    await secretary.write(CRITERIA)
    await secretary.tap(hall.plan.units[0].name[:20] + "…", on="Cụm trưởng")
    await secretary.tap("Không")
    await secretary.tap("Lưu tiêu chí")
    hall.steps.say("the criteria are entered")


async def _put_pledge(hall: Hall, secretary: Visitor) -> None:
    """The text that was agreed on is what the parties confirm."""
    await _open_item(hall, secretary, seeds.SIGNING)
    await secretary.tap("Nhập văn bản")
    await secretary.tap("Lấy từ nội dung khác")
    await secretary.tap(_name_of(hall, seeds.PLEDGE_PAPER), on="Lấy văn bản của nội dung nào?")


def _name_of(hall: Hall, title: str) -> str:
    number = next(number for number, item in enumerate(hall.plan.items, 1) if item.title == title)
    return f"{number}. {title[:20]}…"


async def _open_item(hall: Hall, secretary: Visitor, title: str) -> None:
    await secretary.tap("Chương trình")
    page = 2
    while not secretary.offers(wanted := _name_of(hall, title)):
        await secretary.tap(f"Trang {page} ›")
        page += 1
    await secretary.tap(wanted)


async def _try_votes(hall: Hall, chair: Visitor, secretary: Visitor) -> None:
    """A trial vote by phone: representatives vote, observers and guests are refused; then it is cancelled."""
    title = seeds.PLEDGE_PAPER
    await secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
    await chair.tap("Mở biểu quyết", on=key_of(title))
    representatives = [hall.of(name) for name in voting(hall.plan)]
    last = representatives[-1]
    await hall.cast("a trial vote", {who: IN_FAVOUR for who in representatives if who is not last}, title)
    others = [
        hall.of(each.name)
        for each in hall.plan.attendees
        if each.standing is not Standing.VOTING and each.name != secretary.name
    ]
    await last.sees(key_of(title))
    await hall.steps.together("observers and guests are refused", [_try_vote(who, last) for who in others])
    await chair.tap("Hủy lượt", on=key_of(title))
    await chair.write(_CANCELLED)
    hall.steps.say("the trial vote is cancelled")


async def _try_vote(observer: Visitor, elector: Visitor) -> None:
    """Somebody who may not vote has no button for it, and cannot use somebody else's."""
    if observer.offers(YES):
        raise VisitError(f"{observer.name} may not vote and is offered a ballot")
    await observer.tap_of(elector, YES)


async def _score_oneself(hall: Hall, chair: Visitor) -> None:
    """The lead unit opens the scoring; a first unit scores itself and hands its sheet in."""
    deadline = datetime.now(hall.timezone) + timedelta(days=30)
    await chair.tap("Chấm điểm", on="Hội nghị đã bế mạc")
    await chair.tap("Mở chấm điểm …")
    await chair.write(f"17:00 {deadline:%d/%m/%Y}")
    hall.steps.say("the units may score themselves")
    delegate = hall.of(seeds.CLUSTER_SIGNERS[2])
    await delegate.tap("Đến phần chấm điểm")
    await delegate.tap("Phiếu của đơn vị")
    for number, (points, evidence) in enumerate(_OWN_SCORES, 1):
        await delegate.tap(f"{number}. …", on="Phiếu")
        await delegate.write(points)
        if evidence:
            await delegate.write(evidence)
        else:
            await delegate.tap("Không có")
    await delegate.tap("Nộp phiếu")
    hall.steps.say(f"a unit has scored itself: {delegate.name}")
