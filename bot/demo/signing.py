"""Seed 2: the pledge signing of Cụm thi đua số 02, the morning of 07/04/2022.

The papers are agreed on without a count, as the article has it. A trial vote shows that observers may not
vote; it is cancelled, and nothing of it counts.
"""

from bot.demo import seeds
from bot.demo.hall import IN_FAVOUR, YES, Hall, key_of, voting
from bot.demo.visitor import VisitError, Visitor
from meeting.people import Standing

_CANCELLED = (
    "Lượt thử để kiểm tra trang biểu quyết; các đơn vị đề nghị thông qua các văn bản qua thảo luận, không "
    "kiểm đếm."
)


async def hold_signing(hall: Hall, founder_link: str) -> None:
    """Have the whole conference held, from the founding of the organisation to the summary."""
    people = [hall.enter(attendee) for attendee in hall.plan.attendees]
    organiser, chair = hall.of(seeds.CLUSTER_ORGANISER), hall.of(seeds.CLUSTER_CHAIR)
    secretary = hall.of(seeds.CLUSTER_SECRETARY)
    await hall.set_up(organiser, founder_link, seeds.CLUSTER)
    await hall.open_pages(await hall.hand_out(organiser), but=[organiser])
    await hall.reply({})

    await secretary.tap("Mở xác nhận có mặt")
    await hall.check_in(people)
    await chair.tap("Khai mạc")
    await secretary.tap("Ghi số liệu sơ bộ: …")
    for item in hall.plan.items:
        if item.kind.is_procedural:
            await hall.agree(chair, secretary, item.title)
    await chair.tap("Xác nhận số lượng: …")
    hall.steps.say("the chair confirms the attendance")

    await hall.hear(chair, secretary, seeds.PAPERS_DISCUSSION)
    await hall.go_to(chair, seeds.PLEDGE_PAPER)
    await _try_votes(hall, chair, secretary)
    await hall.record_agreement(secretary, seeds.PLEDGE_PAPER)
    await hall.agree(chair, secretary, seeds.RULES_PAPER)
    await hall.agree(chair, secretary, seeds.PLAN_PAPER, seeds.PLAN_ADDITIONS)
    await hall.agree(chair, secretary, seeds.CRITERIA_PAPER)
    await hall.hear(chair, secretary, seeds.SIGNING)
    await hall.hear(chair, secretary, seeds.CONCLUSION)
    await hall.end(chair)


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
