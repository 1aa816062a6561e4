"""The web pages as a platform: binding by link or code, taps by form, live by server-sent events.

A page is a chat with a random id; a browser shows by a sealed cookie, sent to that page's path only, that the
page is its own. Opening an address never uses a code up, the button does.
"""

import hashlib
import json
import logging
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import quote
from uuid import uuid4

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from bot.platforms.base import Answer, Body, Card, Incoming, Joined, MessageRef, Receive, Tap, Text
from bot.web.answers import attachment_response, paper_response, shown_answer
from bot.web.desk import Board, Desk, PaperFile, Unwelcome, Welcome
from bot.web.forms import Form, read_form
from bot.web.gate import PAGE_ID, CodeTries, FaultError, Gate, Seals, new_page_id
from bot.web.markup import ASSETS, ASSETS_VERSION, FILE_MEGABYTES, card_html, page_html
from bot.web.streams import Streams, update_of
from bot.wording.catalogue import LANGUAGES
from bot.wording.pages import Fault, code_missing, fault_text, fault_title, name_missing, not_opened_title
from meeting.codes import invitation_of, page_way
from meeting.names import tidy
from meeting.plan import NAME_LIMIT

COOKIE = "page"
_COOKIE_SECONDS = 400 * 24 * 60 * 60
"""The longest that browsers keep a cookie."""
_BEAT_SECONDS = 15
_SEND_SECONDS = 30
_MOST_GREETINGS = 1000
_NEWCOMERS_AT_ONCE = 500
_LONGEST_NUMBER = 12

# They would log what is on the pages.
for _name in ("sse_starlette", "python_multipart"):
    logging.getLogger(_name).setLevel(logging.INFO)


class WebPlatform:
    """The platform whose chats are personal pages; `app` is to be served, `listen` to be run beside it.

    `public_url` is how people reach it (its scheme decides about Secure cookies), `hosts` are further names
    that it is known by, `language` is for browsers that ask for none we have. With `is_playground`
    everybody's page can be opened from this machine.
    """

    name = "web"

    def __init__(
        self,
        desk: Desk,
        *,
        key: bytes,
        public_url: str,
        language: str = LANGUAGES[0],
        hosts: Collection[str] = (),
        is_playground: bool = False,
    ) -> None:
        self._desk = desk
        self._seals = Seals(key)
        self._language = language
        self._is_playground = is_playground
        self._tries = CodeTries()
        self._newcomers = CodeTries(burst=_NEWCOMERS_AT_ONCE, seconds=1)
        self._streams = Streams(desk)
        self._receive: Receive | None = None
        self._greetings: dict[str, Answer] = {}
        self._gate = Gate(self._make_app(), self._refuse, public_url, hosts)
        self.app: ASGIApp = self._gate

    async def listen(self, receive: Receive) -> None:
        """Take in what people do on the pages, and keep them live, until cancelled; streams end with it."""
        self._receive = receive
        try:
            await self._streams.run()
        finally:
            self._receive = None

    async def show(self, chat: str, ref: MessageRef | None, card: Card) -> MessageRef:  # noqa: ARG002
        """Change nothing: a page reads its cards itself, as soon as they are committed."""
        return ref or f"web:{chat}"

    def _make_app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._entrance),
                Route("/", self._enter, methods=["POST"]),
                Route("/i/{token}", self._welcome),
                Route("/i/{token}", self._open_link, methods=["POST"]),
                Route("/j/{token}", self._welcome),
                Route("/j/{token}", self._open_link, methods=["POST"]),
                Route("/p/{page}", self._page),
                Route("/p/{page}", self._act, methods=["POST"]),
                Route("/p/{page}/board", self._board),
                Route("/p/{page}/stream", self._stream),
                Route("/f/{token}", self._handed),
                Route("/playground", self._playground),
                Route("/static/{version}/{name}", self._asset),
                Route("/favicon.ico", self._icon),
            ],
            exception_handlers={
                HTTPException: self._explain,
                ClientDisconnect: self._let_go,
                Exception: self._explain,
            },
        )

    # The way in

    async def _entrance(self, request: Request) -> Response:
        return self._entrance_page(request, "")

    async def _enter(self, request: Request) -> Response:
        form = await read_form(request)
        code = form.text("code").strip()
        if not code:
            problem = code_missing(self._language_of(request))
            return self._entrance_page(request, problem, HTTPStatus.BAD_REQUEST)
        if form.text("open"):
            return await self._bind(request, code, form.text("name"))
        match await self._find_welcome(request, code):
            case Unwelcome(sentence=sentence):
                return self._entrance_page(request, sentence, HTTPStatus.NOT_FOUND)
            case Welcome() as welcome:
                return _welcome_page(welcome, code)

    async def _welcome(self, request: Request) -> Response:
        token = request.path_params["token"]
        if (page := await self._page_of_cookie(request)) is not None:
            return _to_page(page)
        match await self._find_welcome(request, token):
            case Unwelcome(sentence=sentence, language=language):
                return self._not_opened(language, sentence, HTTPStatus.NOT_FOUND)
            case Welcome() as welcome:
                return _welcome_page(welcome, path=_path_of_link(request))

    async def _open_link(self, request: Request) -> Response:
        if (page := await self._page_of_cookie(request)) is not None:
            return _to_page(page)
        self._ready()
        form = await read_form(request)
        return await self._bind(
            request, request.path_params["token"], form.text("name"), _path_of_link(request)
        )

    async def _find_welcome(self, request: Request, code: str) -> Welcome | Unwelcome:
        address = request.client.host if request.client else ""
        # A link's token is beyond guessing; all else is counted when it is wrong, however it is spaced.
        is_typed = invitation_of(code) is None and page_way(code) is None
        if is_typed and (seconds := self._tries.seconds_left(address)):
            raise FaultError(Fault.TOO_MANY_CODES, seconds=seconds)
        found = await self._desk.find_welcome(code, _preferred_language(request))
        if is_typed and isinstance(found, Unwelcome):
            self._tries.add_wrong(address)
        return found

    async def _bind(
        self, request: Request, code: str, typed_name: str, link_path: str | None = None
    ) -> Response:
        """Use the code for a new page; `link_path` is where this browser will find the page again.

        What everybody may open makes a page only for a name, which waits there for the organiser.
        """
        receive = self._ready()
        found = await self._find_welcome(request, code)
        if isinstance(found, Unwelcome):
            return self._not_opened(found.language, found.sentence, HTTPStatus.NOT_FOUND)
        name = tidy(typed_name)
        if found.asks_name:
            if not any(letter.isalpha() for letter in name) or len(name) > NAME_LIMIT:
                problem = name_missing(found.language)
                return _welcome_page(found, "" if link_path else code, link_path or "/", problem)
            self._count_newcomer(request)
        page = new_page_id()
        answer = await receive(self._incoming(request, page, str(uuid4()), Joined(code)))
        if found.asks_name:
            answer = await receive(self._incoming(request, page, str(uuid4()), Text(name)))
        if not await self._desk.is_in_use(page):
            return self._not_opened(found.language, answer.notice, HTTPStatus.FORBIDDEN)
        # Only a greeting: where it gets lost, the page still says for whom it is and what it asks.
        while len(self._greetings) >= _MOST_GREETINGS:
            self._greetings.pop(next(iter(self._greetings)))
        self._greetings[page] = answer
        response = _to_page(page)
        for path in filter(None, (f"/p/{page}", link_path)):
            response.set_cookie(
                COOKIE,
                self._seals.seal(page),
                max_age=_COOKIE_SECONDS,
                path=path,
                secure=self._gate.is_secure(request.headers),
                httponly=True,
                samesite="lax",
            )
        return response

    def _count_newcomer(self, request: Request) -> None:
        """Let so many come from one network: a hall has one address, and so has a flood."""
        address = request.client.host if request.client else ""
        if seconds := self._newcomers.seconds_left(address):
            raise FaultError(Fault.TOO_MANY_CODES, seconds=seconds)
        self._newcomers.add_wrong(address)

    async def _page_of_cookie(self, request: Request) -> str | None:
        """The page that this browser opened by the same link before, if it is still bound."""
        page = self._seals.page_of(request.cookies.get(COOKIE))
        return page if page is not None and await self._desk.is_in_use(page) else None

    # The personal page

    async def _page(self, request: Request) -> Response:
        page, board = await self._own_board(request)
        if (name := request.query_params.get("file")) is not None:
            return attachment_response(board, name)
        if (paper := request.query_params.get("paper")) is not None:
            return await self._paper(request, page, paper)
        greeting = self._greetings.pop(page, Answer())
        return _rendered(page, board, greeting.notice, shown_answer(board, greeting))

    async def _paper(self, request: Request, page: str, number: str) -> Response:
        if not (number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER):
            raise FaultError(Fault.NOT_FOUND)
        match await self._desk.find_paper(page, int(number)):
            case Unwelcome(sentence=sentence, language=language):
                return self._not_opened(language, sentence, HTTPStatus.NOT_FOUND)
            case PaperFile() as paper:
                return paper_response(paper, request.method)

    async def _board(self, request: Request) -> Response:
        _, board = await self._own_board(request)
        return JSONResponse(update_of(board))

    async def _stream(self, request: Request) -> Response:
        page = self._own_page(request)
        if not await self._desk.is_in_use(page):
            raise FaultError(Fault.PAGE_ENDED)
        self._streams.admit(page)
        return EventSourceResponse(
            self._streams.follow(page),
            ping=_BEAT_SECONDS,
            # An event, not a comment: by it the page's script notices a connection that died silently.
            ping_message_factory=lambda: ServerSentEvent(event="beat", data="1"),
            send_timeout=_SEND_SECONDS,
        )

    async def _act(self, request: Request) -> Response:
        page = self._own_page(request)
        receive = self._ready()
        form = await read_form(request)
        incoming = self._incoming(request, page, _event_of(page, form), _body_of(form))
        answer = await receive(incoming)
        if not _wants_json(request):
            board = await self._desk.find_board(page)
            if board is None:
                return self._not_opened(self._language_of(request), answer.notice, HTTPStatus.GONE)
            return _rendered(page, board, answer.notice, shown_answer(board, answer))
        # What a tap on a live card changes is seen on that card; it puts no other answer away.
        is_kept = form.text("key") != ""
        if answer.card is None and is_kept:
            return JSONResponse({"notice": answer.notice, "card": None, "keep": True})
        board = await self._desk.find_board(page)
        if board is None:
            return JSONResponse({"notice": answer.notice, "card": None, "keep": False})
        card = shown_answer(board, answer)
        return JSONResponse(
            {
                "notice": answer.notice,
                "card": None if card is None else card_html(card, board.language),
                "keep": is_kept,
                # No keys: the stream may have brought a later order already.
                "board": update_of(board) | {"keys": None, "whole": False},
            }
        )

    def _incoming(self, request: Request, page: str, event_id: str, body: Body) -> Incoming:
        language = _preferred_language(request)
        return Incoming(self.name, page, page, event_id, body, language=language)

    def _ready(self) -> Receive:
        if self._receive is None:
            raise FaultError(Fault.STARTING)
        return self._receive

    def _own_page(self, request: Request) -> str:
        page: str = request.path_params["page"]
        if PAGE_ID.fullmatch(page) is None:
            raise FaultError(Fault.NOT_FOUND)
        if self._seals.page_of(request.cookies.get(COOKIE)) != page:
            raise FaultError(Fault.NOT_YOUR_PAGE)
        return page

    async def _own_board(self, request: Request) -> tuple[str, Board]:
        page = self._own_page(request)
        board = await self._desk.find_board(page)
        if board is None:
            raise FaultError(Fault.PAGE_ENDED)
        return page, board

    # Beside the pages

    async def _handed(self, request: Request) -> Response:
        """Give a file by an address that the program made; who has it needs no page."""
        found = await self._desk.find_handed(request.path_params["token"])
        if isinstance(found, Fault):
            raise FaultError(found)
        return paper_response(found, request.method)

    async def _playground(self, request: Request) -> Response:
        client = request.client.host if request.client else ""
        if not self._is_playground or client not in {"127.0.0.1", "::1"}:
            raise FaultError(Fault.NOT_FOUND)
        entries = await self._desk.list_playground()
        return HTMLResponse(page_html("playground.html", self._language_of(request), entries=entries))

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ASSETS:
            raise FaultError(Fault.NOT_FOUND)
        media_type, content = ASSETS[name]
        is_current = request.path_params["version"] == ASSETS_VERSION
        keep = "public, max-age=31536000, immutable" if is_current else "no-cache"
        return Response(content, media_type=media_type, headers={"Cache-Control": keep})

    async def _icon(self, request: Request) -> Response:  # noqa: ARG002 - as Starlette calls it
        return RedirectResponse(f"/static/{ASSETS_VERSION}/icon.svg", HTTPStatus.SEE_OTHER)

    # What goes wrong

    def _language_of(self, request: Request) -> str:
        return _preferred_language(request) or self._language

    def _entrance_page(self, request: Request, problem: str, status: int = HTTPStatus.OK) -> Response:
        html = page_html("entrance.html", self._language_of(request), problem=problem)
        return HTMLResponse(html, status)

    def _not_opened(self, language: str, text: str, status: int) -> Response:
        title = not_opened_title(language)
        return HTMLResponse(page_html("fault.html", language, title=title, text=text, page=""), status)

    def _fault_response(
        self, request: Request, fault: Fault, status: int, headers: dict[str, str], seconds: int = 0
    ) -> Response:
        language = self._language_of(request)
        title = fault_title(language, fault)
        text = fault_text(language, fault, megabytes=FILE_MEGABYTES, seconds=seconds)
        if _wants_json(request):
            return JSONResponse({"fault": fault.value, "notice": f"{title}. {text}"}, status, headers)
        page = self._seals.page_of(request.cookies.get(COOKIE))
        is_lost = fault in {Fault.NOT_YOUR_PAGE, Fault.PAGE_ENDED}
        html = page_html("fault.html", language, title=title, text=text, page="" if is_lost else page or "")
        return HTMLResponse(html, status, headers)

    async def _explain(self, request: Request, error: Exception) -> Response:
        match error:
            case FaultError(fault=fault, seconds=seconds):
                return self._fault_response(
                    request, fault, error.status_code, dict(error.headers or {}), seconds
                )
            case HTTPException(status_code=status):
                fault = _FAULTS.get(status, Fault.UNREADABLE)
                return self._fault_response(request, fault, status, dict(error.headers or {}))
            case _:
                return self._fault_response(request, Fault.BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR, {})

    async def _let_go(self, request: Request, error: Exception) -> Response:  # noqa: ARG002 - nobody reads it
        return Response(status_code=HTTPStatus.BAD_REQUEST)

    def _refuse(self, scope: Scope, fault: Fault) -> ASGIApp:
        return self._fault_response(Request(scope), fault, FaultError(fault).status_code, {})


_FAULTS = {404: Fault.NOT_FOUND, 405: Fault.WRONG_METHOD, 413: Fault.TOO_LARGE}


def _welcome_page(welcome: Welcome, code: str = "", path: str = "/", problem: str = "") -> HTMLResponse:
    html = page_html(
        "welcome.html",
        welcome.language,
        welcome=welcome,
        path=path,
        code=code,
        problem=problem,
        name_limit=NAME_LIMIT,
    )
    return HTMLResponse(html, HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK)


def _path_of_link(request: Request) -> str:
    kind = "j" if request.url.path.startswith("/j/") else "i"
    return f"/{kind}/{quote(request.path_params['token'], safe='')}"


def _to_page(page: str) -> RedirectResponse:
    return RedirectResponse(f"/p/{page}", HTTPStatus.SEE_OTHER)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _preferred_language(request: Request) -> str | None:
    for part in request.headers.get("accept-language", "").split(","):
        language = part.partition(";")[0].strip().lower().partition("-")[0]
        if language in LANGUAGES:
            return language
    return None


def _body_of(form: Form) -> Body:
    if action := form.text("action"):
        return Tap(action, form.text("text").strip())
    return form.file or Text(form.text("text").strip())


def _event_of(page: str, form: Form) -> str:
    """Give the mark of one tap, the same when the browser sends it again.

    It is bound to the page, so that none can use up another's, and to what was chosen: without JavaScript the
    browser's mark is that of the rendering, from which several things can be sent.
    """
    event = form.text("event")
    if not event:
        return uuid4().hex
    file_name = form.file.name if form.file else ""
    parts = (page, event, form.text("action"), form.text("text"), file_name)
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


def _rendered(page: str, board: Board, notice: str, answer: Card | None) -> Response:
    html = page_html(
        "page.html", board.language, page=page, board=board, notice=notice, answer=answer, event=uuid4().hex
    )
    return HTMLResponse(html)
