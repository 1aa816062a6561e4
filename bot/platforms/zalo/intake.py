"""What becomes of a message: it is understood, carried out, and answered in one message."""

import asyncio
import dataclasses
import itertools
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

import structlog

from bot.actions import encode
from bot.arrivals import backoff, is_being_cancelled
from bot.patience import TRIES
from bot.platforms.base import (
    Admit,
    Answer,
    Body,
    Card,
    DeliveryError,
    File,
    Incoming,
    Line,
    Meter,
    Receive,
    ShownChoices,
    Tap,
    Text,
    admit_all,
)
from bot.platforms.zalo.asking import asked_back
from bot.platforms.zalo.meaning import Unclear, meant
from bot.platforms.zalo.numbering import ballot_of, others_than, with_said
from bot.platforms.zalo.patience import Patience
from bot.platforms.zalo.reading import Arrival, Sent
from bot.platforms.zalo.showing import Screens
from bot.wording import numbered as wording
from bot.wording.notices import not_recorded

_HANDLING_LIMIT = timedelta(minutes=2)

_log = structlog.get_logger()


class Intake:
    """Takes in what people did, and answers them; answers wait for `admit`."""

    def __init__(
        self, screens: Screens, patience: Patience, admit: Admit = admit_all, meter: Meter | None = None
    ) -> None:
        self._screens = screens
        self._patience = patience
        self._admit = admit
        self._meter = meter

    async def take(self, arrival: Arrival, receive: Receive) -> None:
        """Have an arrival carried out, and answer it; raises nothing but a cancellation.

        One whose handling raises is tried three times, then set aside, and the person is told. What isn't
        clear is asked back, and nothing is done.
        """
        if self._meter is not None:
            await self._meter.note_received()
        answer = await self._carry_out(arrival, receive)
        try:
            await self._show(arrival.incoming, answer)
        except Exception:  # noqa: BLE001  # what was done is recorded, and others wait
            _log.exception("zalo_answer_failed", message=arrival.incoming.event_id)

    async def _carry_out(self, arrival: Arrival, receive: Receive) -> Answer:
        failures, message = 0, arrival.incoming.event_id
        for attempt in itertools.count(1):
            try:
                async with asyncio.timeout(_HANDLING_LIMIT.total_seconds()):
                    return await self._understood(arrival, receive)
            except ConnectionError as error:
                _log.warning("zalo_update_waits", message=message, reason=type(error).__name__)
            except (Exception, asyncio.CancelledError) as error:
                if is_being_cancelled(error):
                    raise
                failures += 1
                reason = type(error).__name__
                _log.exception("zalo_update_failed", message=message, attempt=failures, reason=reason)
                if failures == TRIES:
                    break
            await self._patience.sleep(backoff(attempt))
        _log.error("zalo_update_set_aside", message=message)
        return Answer(not_recorded(self._screens.voice(ShownChoices())))

    async def _understood(self, arrival: Arrival, receive: Receive) -> Answer:
        incoming = arrival.incoming
        shown = await self._screens.find(incoming.chat)
        body = _body(arrival, shown, self._screens.now())
        match body:
            case None:
                return Answer(wording.text_only(self._screens.voice(shown)))
            case Unclear():
                return Answer(asked_back(self._screens.voice(shown), body))
            case Tap() | Text() | File():
                answer = await receive(dataclasses.replace(incoming, body=body))
                return await self._with_vote(incoming.chat, shown, body, answer)
            case _:
                assert_never(body)

    async def _with_vote(self, chat: str, shown: ShownChoices, body: Body, answer: Answer) -> Answer:
        """Add to what is said of a choice in a vote which one that is and how a recorded one is changed.

        It is noted that a recorded one was said.
        """
        action = encode(answer.records) if answer.records else body.action if isinstance(body, Tap) else ""
        if answer.records is not None:
            await self._screens.change(chat, partial(with_said, actions=[action]))
        ballot = ballot_of(shown, action)
        if ballot is None or not answer.notice:
            return answer
        lines = [ballot.heading, answer.notice]
        if answer.records is not None and (others := others_than(ballot, action)):
            lines.append(wording.to_change(self._screens.voice(shown), others))
        return dataclasses.replace(answer, notice="\n".join(lines))

    async def _show(self, incoming: Incoming, answer: Answer) -> None:
        notice = (Line(answer.notice),) if answer.notice else ()
        card = answer.card
        if card is None and not notice:
            return
        if card is None:
            card = Card(notice)
        elif notice:
            card = dataclasses.replace(card, lines=(*notice, Line(""), *card.lines))
        is_group = incoming.is_group and not answer.chat
        show = partial(self._send, answer.chat or incoming.chat, card, is_group=is_group)
        await self._patience.persist(show)

    async def _send(self, chat: str, card: Card, *, is_group: bool) -> None:
        await self._admit(chat)
        try:
            await self._screens.answer(chat, card, is_group=is_group)
        except ConnectionError as error:
            raise DeliveryError("the database is away") from error


def _body(arrival: Arrival, shown: ShownChoices, now: datetime) -> Tap | Text | File | Unclear | None:
    """Give what somebody means; None for what no program can read."""
    incoming = arrival.incoming
    text = incoming.body.text if isinstance(incoming.body, Text) else ""
    match arrival.sent:
        case Sent.TEXT:
            return Text(text) if incoming.is_group else meant(text, shown, now)
        case Sent.IMAGE | Sent.UNSUPPORTED:
            return File("", 0, None, 0)
        case Sent.STICKER | Sent.VOICE:
            return Text("") if incoming.is_group else None
        case _:
            assert_never(arrival.sent)
