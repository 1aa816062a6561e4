"""Papers on a card without buttons: files of the card, and what else can be done with each named by it."""

from bot.actions import GetPaper, ShowMeeting, ShowPaper
from bot.platforms.base import Card, Do, Handout, Line, Open
from bot.platforms.zalo.papers import with_papers

REPORT, DRAFT = Do("Báo cáo.pdf", GetPaper(7)), Do("Dự thảo.docx", GetPaper(8))
BACK = Do("‹ Về hội nghị", ShowMeeting(1))


def test_a_card_without_papers_stays_as_it_is() -> None:
    card = Card((Line("Hội nghị"),), ((BACK, Open("Trang", "https://hop.example")),), number=5)
    assert with_papers(card) is card


def test_what_hands_papers_over_becomes_files_behind_those_of_the_card() -> None:
    first = Handout(3, "Phụ lục.pdf")
    card = Card((Line("Tài liệu"),), ((REPORT,), (DRAFT,), (BACK,)), (first,))
    shown = with_papers(card)
    assert shown.attachments == (first, Handout(7, "Báo cáo.pdf"), Handout(8, "Dự thảo.docx"))
    assert shown.choices == ((BACK,),)
    assert shown.lines == card.lines
    assert with_papers(shown) is shown


def test_choices_that_only_their_row_tells_apart_name_the_paper() -> None:
    rows = ((REPORT, Do("Sửa", ShowPaper(7))), (DRAFT, Do("Sửa", ShowPaper(8))), (BACK,))
    assert with_papers(Card((Line("Tài liệu"),), rows)).choices == (
        (Do("Sửa: Báo cáo.pdf", ShowPaper(7)),),
        (Do("Sửa: Dự thảo.docx", ShowPaper(8)),),
        (BACK,),
    )


def test_a_choice_beside_a_paper_that_is_the_only_one_of_its_name_keeps_it() -> None:
    card = Card((Line("Ký kết"),), ((Do("Tệp", GetPaper(9)), BACK),))
    assert with_papers(card).choices == ((BACK,),)
