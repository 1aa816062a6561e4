"""One's own page on the web, for who is in a chat: asked for, or offered where a file can't be sent."""

from dataclasses import replace

from bot import actions
from bot.cards.own_page import own_page_card
from bot.dialogues.talk import Routes, Talk
from bot.platforms.base import Answer, Choice, Do, Line, Open
from bot.wording import own_page as wording
from handlers.own_page import offer_own_page
from meeting.refusals import Refused
from storage import dialogues
from storage.platforms import ON_PAGES, WITHOUT_FILES


async def show_own_page(talk: Talk, action: actions.ShowOwnPage) -> Answer:
    """Show the way to the page of whom this chat speaks for."""
    del action
    if talk.incoming.platform in ON_PAGES:
        return Answer(wording.own_page_here(talk.voice))
    page = await offer_own_page(talk.house, talk.asked)
    if isinstance(page, Refused):
        return talk.refuse(page)
    return Answer(card=own_page_card(talk.voice, talk.addresses.web_link(page.token), page.expires_at))


async def refuse_file(talk: Talk) -> Answer | None:
    """Answer a file in a chat that hands over none with the way to where it can be sent; elsewhere None."""
    if talk.incoming.platform not in WITHOUT_FILES:
        return None
    return replace(await show_own_page(talk, actions.ShowOwnPage()), notice=wording.files_on_page(talk.voice))


async def with_page_for_files(talk: Talk, answer: Answer) -> Answer:
    """Add the way to the page to an answer that asks for a file where none can be sent.

    What nothing but a file answers is not asked there at all, so that nothing waits for it in vain.
    """
    card = answer.card
    if card is None or card.ask is None or not card.ask.takes_file:
        return answer
    if talk.incoming.platform not in WITHOUT_FILES:
        return answer
    page = await offer_own_page(talk.house, talk.asked)
    if isinstance(page, Refused):
        return answer
    way = Open(wording.button_own_page(talk.voice), talk.addresses.web_link(page.token))
    lines = (*card.lines, Line(wording.files_on_page(talk.voice)))
    if card.ask.takes_text:
        return replace(answer, card=replace(card, lines=lines, choices=(*card.choices, (way,))))
    async with talk.house.database.transaction() as tx:
        await dialogues.forget_dialogue(tx, talk.account.account_id)
    rows = (tuple(one for one in row if not _is_of_question(one)) for row in card.choices)
    choices = (*(row for row in rows if row), (way,))
    return replace(answer, card=replace(card, lines=lines, choices=choices, ask=None))


def _is_of_question(choice: Choice) -> bool:
    return isinstance(choice, Do) and hasattr(choice.action, "version")


ROUTES: Routes = {actions.ShowOwnPage: show_own_page}
"""What each button of this topic does."""
