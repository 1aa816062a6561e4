"""Seed 1: the yearly staff conference of Tỉnh đoàn Hậu Giang, the afternoon of 30/12/2021.

The script says what each simulated person taps; what comes of it is counted by the program.
"""

from bot.demo import seeds
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
    "Lê Thị Thanh Nhàn": (
        Choice(OTHER, "Đề nghị quy định rõ thời hạn thanh toán công tác phí là 05 ngày làm việc."),
    ),
    "Danh Hoàng Em": (Choice(OTHER, "Đề nghị tăng mức khoán xăng xe cho cán bộ đi cơ sở."),),
    "Nguyễn Thị Lan Chi": (Choice(OTHER, "Đề nghị bổ sung mức chi cho hoạt động của Trung tâm."),),
    # Changes the vote.
    "Hà Tấn Phát": (Choice(YES), Choice(OTHER, "Đề nghị xem lại định mức văn phòng phẩm của Trung tâm.")),
}
"""Who does not vote in favour of the spending rules, or not at once."""

_EMULATION_ADDITIONS = ("Bổ sung nội dung thi đua lập thành tích chào mừng Đại hội Đoàn các cấp",)


async def hold_conference(hall: Hall, founder_link: str) -> None:
    """Have the whole conference held, from the founding of the organisation to the summary."""
    people = [hall.enter(attendee) for attendee in hall.plan.attendees]
    organiser, chair, secretary = map(
        hall.of, (seeds.STAFF_ORGANISER, seeds.STAFF_CHAIR, seeds.STAFF_SECRETARY)
    )
    await hall.set_up(organiser, founder_link, hall.plan.host)
    await hall.open_pages(await hall.hand_out(organiser), but=[organiser])
    await hall.reply({ABSENT: _REASON})

    present = [visitor for visitor in people if visitor.name != ABSENT]
    await secretary.tap("Mở xác nhận có mặt")
    await hall.check_in(present)
    await chair.tap("Khai mạc")
    await _open(hall, chair, secretary, len(present))
    await _adopt_reports(hall, chair, secretary, present)
    await _advise_on_rules(hall, chair, secretary, present)
    await hall.agree(chair, secretary, seeds.EMULATION, _EMULATION_ADDITIONS)

    await hall.of(LEAVES_EARLY).tap("Về sớm")
    await hall.of(LEAVES_EARLY).tap("Về ngay")
    hall.steps.say(f"{LEAVES_EARLY} leaves early")
    await _adopt_targets(
        hall, chair, secretary, [visitor for visitor in present if visitor.name != LEAVES_EARLY]
    )
    for title in (seeds.INNER_PLEDGE, seeds.SPEECH):
        await hall.hear(chair, secretary, title)
    await _announce_titles(hall, chair)
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
    await hall.hear(chair, secretary, seeds.DISCUSSION)


async def _advise_on_rules(hall: Hall, chair: Visitor, secretary: Visitor, present: list[Visitor]) -> None:
    """Opinions on the spending rules: a few against, a few other opinions, one choice changed."""
    title = seeds.SPENDING
    await hall.go_to(chair, title)
    await secretary.tap("Biểu quyết bằng điện thoại", on=key_of(title))
    await chair.tap("Mở biểu quyết", on=key_of(title))
    ballots = {who: SPENDING_BALLOTS.get(who.name, IN_FAVOUR) for who in present}
    await hall.cast("the spending rules", ballots, title)
    await chair.tap("Kết thúc", on=key_of(title))
    await chair.tap("Công bố kết quả", on=key_of(title))


async def _announce_titles(hall: Hall, chair: Visitor) -> None:
    """All decisions at once; a recipient is congratulated on the own page."""
    await hall.go_to(chair, seeds.TITLES)
    await chair.tap("Công bố danh hiệu (…", on=key_of(seeds.TITLES))
    await chair.tap("Công bố", on="Công bố các nội dung này?")
    await hall.of(seeds.STAFF_SECRETARY).sees("Trân trọng chúc mừng")
    hall.steps.say("titles are announced")


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
