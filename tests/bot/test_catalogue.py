import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from babel.messages.pofile import read_po

import bot
from bot.wording import catalogue
from bot.wording.catalogue import (
    LANGUAGES,
    catalogue_path,
    extract_messages,
    faults,
    main,
    read_catalogue,
    texts_of,
    translate,
    translate_plural,
)
from bot.wording.voice import Address, Voice, say, say_plural

BOT = Path(bot.__file__).parent
MSGIDS = {"translate": (1,), "translate_plural": (1, 2), "say": (1,), "say_plural": (1, 2)}


def calls(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Give the msgids of the calls in a module that imports these functions, with their places."""
    tree = ast.parse(path.read_text())
    wording = {"bot.wording.catalogue", "bot.wording.voice"}
    imported = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in wording
        for name in node.names
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in imported & {*MSGIDS}
        ):
            for place in MSGIDS[node.func.id]:
                yield f"{path.name}:{node.lineno}", node.args[place]


def test_every_text_is_a_literal_that_the_extraction_finds() -> None:
    here = Path(catalogue.__file__).parent
    own = {here / "catalogue.py", here / "voice.py"}
    found = {text for message in extract_messages() for text in texts_of(message.id)}
    missed = []
    for path in sorted(BOT.rglob("*.py")):
        for place, msgid in calls(path) if path not in own else ():
            if not isinstance(msgid, ast.Constant) or msgid.value not in found:
                missed.append(place)
    assert missed == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_text_is_translated_with_the_same_placeholders(language: str) -> None:
    assert faults(language) == []


def test_the_vietnamese_texts_are_composed_and_have_one_way_of_tone_marks() -> None:
    import unicodedata

    for message in read_catalogue("vi"):
        for text in texts_of(message.string):
            assert text == unicodedata.normalize("NFC", text)
            assert _OTHER_MARKS.search(text) is None


_OTHER_MARKS = re.compile(r"(hoà|huỷ|uỷ|toà|toạ)\b", re.IGNORECASE)


def test_an_unknown_language_is_answered_in_vietnamese() -> None:
    assert translate("fr", "In favour") == "Tán thành"


def test_a_text_without_translation_is_given_in_english_and_logged() -> None:
    with structlog.testing.capture_logs() as logs:
        assert translate("vi", "Nobody %(did)s this", did="wrote") == "Nobody wrote this"
        assert translate_plural("vi", "%(n)s thing", "%(n)s things", 2) == "2 things"
    assert [entry["event"] for entry in logs] == ["translation_missing", "translation_missing"]


def test_english_has_its_plurals() -> None:
    assert translate_plural("en", "%(n)s day", "%(n)s days", 1) == "1 day"
    assert translate_plural("en", "%(n)s day", "%(n)s days", 3) == "3 days"
    assert translate_plural("vi", "%(n)s day", "%(n)s days", 3, n="03") == "03 ngày"


def test_the_form_of_address_begins_a_sentence_with_a_capital() -> None:
    refused = "You are not on the list of this meeting. Please tell the secretary."
    assert say(Voice(), refused).startswith("Đồng chí không có tên")
    assert say(Voice(address=Address.ANH_CHI), refused).startswith("Anh/chị không có tên")
    assert say(Voice(address=Address.ONG_BA), refused).startswith("Ông/bà không có tên")
    assert say(Voice("en"), refused) == refused


def test_a_number_is_said_to_a_person_as_it_is_given() -> None:
    assert say_plural(Voice(), "%(n)s minute", "%(n)s minutes", 5) == "5 phút"


class TestUpdatingAndChecking:
    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        tmp_path.joinpath("wording").mkdir()
        tmp_path.joinpath("cards").mkdir()
        return tmp_path

    def write(self, package: Path, *lines: str) -> None:
        package.joinpath("cards", "ballot.py").write_text("\n".join(lines))

    def fill(self, package: Path, msgid: str, translation: str) -> None:
        path = catalogue_path("vi", package)
        text = path.read_text()
        entry = f'msgid "{msgid}"\nmsgstr ""'
        assert entry in text
        path.write_text(text.replace(entry, f'msgid "{msgid}"\nmsgstr "{translation}"'))

    def test_a_new_text_is_taken_in_and_then_missing(self, package: Path) -> None:
        self.write(package, 'say(voice, "Zeal")', 'say(voice, "Open the vote")')
        assert main(["update"], package) == 0
        assert faults("vi", package) == ["vi: missing: 'Open the vote'", "vi: missing: 'Zeal'"]
        assert main(["check"], package) == 1

    def test_an_update_keeps_what_is_there_and_says_no_date(self, package: Path) -> None:
        self.write(package, 'say(voice, "Open the vote")')
        main(["update"], package)
        self.fill(package, "Open the vote", "Mở biểu quyết")
        before = catalogue_path("vi", package).read_text()
        main(["update"], package)
        assert catalogue_path("vi", package).read_text() == before
        assert faults("vi", package) == []
        assert "Date" not in before
        assert "ballot.py" not in before

    def test_a_text_no_longer_used_is_a_fault_until_the_update(self, package: Path) -> None:
        self.write(package, 'say(voice, "Open the vote")')
        main(["update"], package)
        self.fill(package, "Open the vote", "Mở biểu quyết")
        self.write(package, "")
        assert faults("vi", package) == ["vi: unused: 'Open the vote'"]
        main(["update"], package)
        assert faults("vi", package) == []

    @pytest.mark.parametrize(
        ("translation", "fault"),
        [
            ("Còn %(count)s", []),
            ("%(You)s còn %(count)s", []),
            ("Còn %(cuont)s", ["placeholders differ"]),
            ("Còn", ["placeholders differ"]),
            ("Còn %(count)", ["no format (a literal per cent sign is %%)"]),
            ("Còn %(count)s, 5% ", ["no format (a literal per cent sign is %%)"]),
        ],
    )
    def test_placeholders_must_be_the_same(self, package: Path, translation: str, fault: list[str]) -> None:
        self.write(package, 'say(voice, "%(count)s left", count=3)')
        main(["update"], package)
        self.fill(package, "%(count)s left", translation)
        assert faults("vi", package) == [f"vi: {text}: '%(count)s left'" for text in fault]

    def test_a_fuzzy_text_is_a_fault(self, package: Path) -> None:
        self.write(package, 'say(voice, "Zeal")')
        main(["update"], package)
        path = catalogue_path("vi", package)
        path.write_text(
            path.read_text().replace('msgid "Zeal"\nmsgstr ""', '#, fuzzy\nmsgid "Zeal"\nmsgstr "Hăng"')
        )
        assert faults("vi", package) == ["vi: fuzzy: 'Zeal'"]

    def test_another_command_is_refused(self) -> None:
        assert main(["extract"]) == 2


def test_the_file_is_what_an_update_would_write() -> None:
    path = catalogue_path("vi")
    messages = read_po(io.BytesIO(path.read_bytes()), locale="vi")
    ids = [texts_of(message.id)[0] for message in messages if message.id]
    assert ids == sorted(ids)
