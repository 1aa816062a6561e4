"""Pledges, speeches and titles, as the people of a demo go through them."""

from collections.abc import Sequence

from bot.demo.hall import Hall, key_of
from bot.demo.visitor import Visitor

SCAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
"""Stands for the scan of a signed paper: a PDF without pages."""


async def confirm_pledge(
    hall: Hall, chair: Visitor, signers: Sequence[str], onlooker: Visitor, *, title: str
) -> None:
    """Have the chair fix the text and each signer confirm it in turn, while somebody in the hall looks on."""
    await chair.tap("Giao ước", on=hall.plan.title)
    await chair.tap("Lấy xác nhận của các bên", on=key_of(title))
    await chair.tap("Chốt và lấy xác nhận")
    hall.steps.say("the text of the pledge is fixed")
    for number, name in enumerate(signers, 1):
        signer = hall.of(name)
        await signer.tap("Giao ước", on=hall.plan.title)
        await signer.tap("Tôi đã đọc, xác nhận", on=key_of(title))
        await signer.tap("Có, tôi xác nhận")
        await onlooker.sees(f"{number}/{len(signers)} bên đã xác nhận")
    hall.steps.say(f"parties that have confirmed: {len(signers)} of {len(signers)}")


async def enter_signed_paper(hall: Hall, secretary: Visitor, *, title: str) -> None:
    """Have the secretary enter that all have signed the paper, with its scan."""
    await secretary.tap("Giao ước", on=hall.plan.title)
    await secretary.tap("Ghi nhận bản giấy có chữ ký", on=key_of(title))
    await secretary.send_file("giao-uoc-da-ky.pdf", SCAN)
    hall.steps.say("the signed paper is on file")


async def record_speech(hall: Hall, secretary: Visitor, label: str, speaker: str, text: str) -> None:
    """Have the secretary record, by this button of the current item, what somebody says."""
    await secretary.tap(label, on=hall.plan.title)
    await secretary.write(speaker)
    await secretary.write(text)
    hall.steps.say(f"a speech is recorded: {speaker}")


async def announce_titles(hall: Hall, chair: Visitor, recipient: Visitor, *, title: str) -> None:
    """Have the chair announce all decisions at once; a recipient is congratulated on the own page."""
    await hall.go_to(chair, title)
    await chair.tap("Công bố danh hiệu (…", on=key_of(title))
    await chair.tap("Công bố", on="Công bố các nội dung này?")
    await recipient.sees("Trân trọng chúc mừng")
    hall.steps.say("titles are announced")
