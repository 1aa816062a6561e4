"""Seed 1: the yearly staff conference of Tỉnh đoàn Hậu Giang, the afternoon of 30/12/2021.

The script says what each simulated person taps; what comes of it is counted by the program.
"""

from bot.demo import seeds, texts
from bot.demo.ceremony import announce_titles, confirm_pledge, enter_signed_paper, record_speech
from bot.demo.discussion import (
    ADDITION,
    COMMENT,
    PETITION,
    QUESTION,
    Said,
    answer,
    ask_floor,
    compare,
    enter,
    hear_speakers,
    leave,
    merge,
    say,
    take_into_text,
    take_up,
)
from bot.demo.hall import IN_FAVOUR, NO, OTHER, YES, Ballot, Choice, Hall, key_of
from bot.demo.visitor import Visitor

ABSENT = "Trần Thị Diệu Hiền"
LEAVES_EARLY = "Phan Hoàng Duy"
VOTES_LATE = "Nguyễn Văn Sáu"
ABSTAINS_FROM_REPORTS = "Quách Gia Bảo"

_REASON = "Nghỉ thai sản theo quy định."

SPENDING_BALLOTS: dict[str, Ballot] = {
    "Mai Chí Cường": (Choice(NO),),
    "Trần Quang Vinh": (Choice(NO),),
    "Lê Thị Thanh Nhàn": (Choice(OTHER, "Đề nghị ban hành mẫu chứng từ thanh toán công tác phí."),),
    "Danh Hoàng Em": (Choice(OTHER, "Đề nghị tăng mức khoán xăng xe cho cán bộ đi cơ sở."),),
    "Nguyễn Thị Lan Chi": (Choice(OTHER, "Đề nghị bổ sung mức chi cho hoạt động của Trung tâm."),),
    # Changes the vote.
    "Hà Tấn Phát": (Choice(YES), Choice(OTHER, "Đề nghị xem lại định mức văn phòng phẩm của Trung tâm.")),
}
"""Who does not vote in favour of the spending rules, or not at once."""

_OF_A_UNIT = Said(
    "Trung tâm Hoạt động Thanh thiếu niên",
    PETITION,
    "Bố trí kinh phí sửa chữa hội trường của Trung tâm trong năm 2022.",
)
"""Gathered beforehand, and entered by the secretary."""
_ADDITION = Said(
    "Tô Thị Hoài Thương",
    ADDITION,
    f"Bổ sung vào Điều 5: “{texts.SPENDING_ADDITION}”",
    seeds.SPENDING,
)
_SAME_AGAIN = Said(
    "Lê Thị Tuyết Nhung",
    ADDITION,
    "Đề nghị ghi rõ thời hạn thanh toán công tác phí, không quá 05 ngày làm việc.",
    seeds.SPENDING,
)
_OTHERS = (
    Said(
        "Cao Minh Trí",
        QUESTION,
        "Công trình thi đua do nhiều ban cùng thực hiện thì tính cho ban nào?",
        seeds.TARGETS,
    ),
    Said(
        "Vương Thị Ánh Tuyết",
        COMMENT,
        "Phương hướng năm 2022 cần ưu tiên hỗ trợ thanh thiếu nhi bị ảnh hưởng bởi dịch bệnh.",
    ),
    Said("Bùi Thanh Tùng", COMMENT, "Thống nhất với các chỉ tiêu thi đua năm 2022.", seeds.TARGETS),
)
_ANSWER = "Công trình do nhiều ban cùng thực hiện được tính cho từng ban cùng đăng ký."
_UNIT_ANSWER = "Lãnh đạo cơ quan sẽ đưa vào dự toán năm 2022 và báo cáo kết quả tại kỳ sơ kết sáu tháng."
_TAKEN_UP = "Đưa vào chương trình công tác năm 2022."
_SPEAKERS = {
    "Trần Bá Lộc": "Giải pháp đoàn kết, tập hợp thanh niên năm 2022",
    "Dương Thị Cẩm Tú": "Công tác tuyên giáo năm 2022",
}
_WITHDRAWS = "Phạm Ngọc Sơn"
_READS_CHANGES = "Bùi Thanh Tùng"


async def hold_conference(hall: Hall, founder_link: str) -> None:
    """Have the whole conference held, from the founding of the organisation to the summary."""
    people = [hall.enter(attendee) for attendee in hall.plan.attendees]
    organiser, chair, secretary = map(
        hall.of, (seeds.STAFF_ORGANISER, seeds.STAFF_CHAIR, seeds.STAFF_SECRETARY)
    )
    await hall.set_up(organiser, founder_link, hall.plan.host)
    await hall.open_pages(await hall.hand_out(organiser), but=[organiser])
    await hall.reply({ABSENT: _REASON})
    of_unit = await enter(hall, secretary, _OF_A_UNIT)
    hall.steps.say("a unit's opinion is entered")

    present = [visitor for visitor in people if visitor.name != ABSENT]
    await secretary.tap("Mở xác nhận có mặt")
    await hall.check_in(present)
    await chair.tap("Khai mạc")
    await _open(hall, chair, secretary, len(present))
    await _adopt_reports(hall, chair, secretary, present)
    await _discuss(hall, chair, secretary, of_unit)
    await _advise_on_rules(hall, chair, secretary, present)
    await hall.agree(chair, secretary, seeds.EMULATION, texts.EMULATION_ADDITIONS)

    await hall.of(LEAVES_EARLY).tap("Về sớm")
    await hall.of(LEAVES_EARLY).tap("Về ngay")
    hall.steps.say(f"{LEAVES_EARLY} leaves early")
    await _adopt_targets(
        hall, chair, secretary, [visitor for visitor in present if visitor.name != LEAVES_EARLY]
    )
    await _sign_pledge(hall, chair, secretary)
    await hall.go_to(chair, seeds.SPEECH)
    label = "Ghi nội dung phát biểu chỉ đạo"
    await record_speech(hall, secretary, label, seeds.SPEAKER, texts.DIRECTIVE_SPEECH)
    await hall.record_heard(secretary, seeds.SPEECH)
    await announce_titles(hall, chair, secretary, title=seeds.TITLES)
    await hall.end(chair)


async def _open(hall: Hall, chair: Visitor, secretary: Visitor, present: int) -> None:
    """The procedural votes on the preliminary count, then the statement of attendance."""
    await secretary.tap("Ghi số liệu sơ bộ: …")
    for item in hall.plan.items:
        if item.kind.is_procedural:
            await hall.take_hands(chair, secretary, item.title, (present, 0, 0))
    await chair.tap("Xác nhận số lượng: …")
    hall.steps.say("the chair confirms the attendance")


async def _adopt_reports(hall: Hall, chair: Visitor, secretary: Visitor, present: list[Visitor]) -> None:
    """Three self-reviews in one joint vote, in which one does not vote; two reports without a count."""
    first = seeds.REPORTS[0]
    await hall.go_to(chair, first)
    await secretary.tap("Biểu quyết bằng điện thoại", on=key_of(first))
    await secretary.tap("Ghép với nội dung khác")
    numbers = {item.title: number for number, item in enumerate(hall.plan.items, 1)}
    for title in seeds.REPORTS[1:]:
        await secretary.tap(f"{numbers[title]}. …", on="Biểu quyết chung")
    await chair.tap("Mở biểu quyết", on=key_of(first))
    ballots = {who: IN_FAVOUR for who in present if who.name != ABSTAINS_FROM_REPORTS}
    await hall.cast("the three self-reviews", ballots, first)
    await chair.tap("Kết thúc", on=key_of(first))
    # One delegate is missing, so it is asked once more.
    await chair.tap("Kết thúc", on="chưa biểu quyết")
    await chair.tap("Công bố kết quả", on=key_of(first))
    await hall.agree(chair, secretary, seeds.INSPECTION)
    await hall.agree(chair, secretary, seeds.FINANCES)


async def _discuss(hall: Hall, chair: Visitor, secretary: Visitor, of_unit: int) -> None:
    """Some speak, some write; the chair takes up, answers or notes each, and one goes into the text."""
    title = seeds.DISCUSSION
    await hall.go_to(chair, title)
    for name, topic in _SPEAKERS.items():
        await ask_floor(hall.of(name), title, topic)
    await ask_floor(hall.of(_WITHDRAWS), title)
    await hall.of(_WITHDRAWS).tap("Rút đăng ký")
    await hear_speakers(hall, chair, list(_SPEAKERS))

    addition, again = await say(hall, _ADDITION), await say(hall, _SAME_AGAIN)
    question, direction, agreement = [await say(hall, said) for said in _OTHERS]
    hall.steps.say("opinions are sent")
    await merge(hall, secretary, again, addition)
    await take_into_text(hall, chair, addition, texts.SPENDING_TEXT_AMENDED)
    await answer(hall, chair, of_unit, _UNIT_ANSWER)
    await answer(hall, chair, question, _ANSWER)
    await take_up(hall, chair, direction, _TAKEN_UP)
    await leave(hall, chair, agreement)
    await hall.of(_SAME_AGAIN.who).sees(f"Về ý kiến số {again}")
    await hall.record_heard(secretary, title)


async def _advise_on_rules(hall: Hall, chair: Visitor, secretary: Visitor, present: list[Visitor]) -> None:
    """Opinions on the amended spending rules: a few against, a few others, one choice changed."""
    title = seeds.SPENDING
    await hall.go_to(chair, title)
    await secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
    await chair.tap("Mở biểu quyết", on=key_of(title))
    await compare(hall.of(_READS_CHANGES), on=key_of(title))
    ballots = {who: SPENDING_BALLOTS.get(who.name, IN_FAVOUR) for who in present}
    await hall.cast("the spending rules", ballots, title)
    await chair.tap("Kết thúc", on=key_of(title))
    await chair.tap("Công bố kết quả", on=key_of(title))


async def _sign_pledge(hall: Hall, chair: Visitor, secretary: Visitor) -> None:
    """The head and the union confirm the pledge; then they sign the paper, whose scan is kept."""
    title = seeds.INNER_PLEDGE
    await hall.go_to(chair, title)
    await confirm_pledge(hall, chair, (seeds.STAFF_CHAIR, seeds.UNION_HEAD), secretary, title=title)
    await enter_signed_paper(hall, secretary, title=title)
    await hall.record_heard(secretary, title)


async def _adopt_targets(hall: Hall, chair: Visitor, secretary: Visitor, present: list[Visitor]) -> None:
    """The key targets: everybody in favour, one of them just before the close."""
    title = seeds.TARGETS
    await hall.go_to(chair, title)
    await secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
    await chair.tap("Mở biểu quyết", on=key_of(title))
    ballots = {who: IN_FAVOUR for who in present if who.name != VOTES_LATE}
    await hall.cast("the key targets", ballots, title)
    await chair.tap("Kết thúc", on=key_of(title))
    await chair.tap("Để sau", on="chưa biểu quyết")
    await hall.cast("the key targets, late", {hall.of(VOTES_LATE): IN_FAVOUR}, title)
    await chair.tap("Kết thúc", on=key_of(title))
    await chair.tap("Công bố kết quả", on=key_of(title))
