import pytest
from hypothesis import given
from hypothesis import strategies as st

from meeting.papers import NAME_LIMIT, SIZE_LIMIT, Paper, PaperKind, clean_name, read_paper
from meeting.refusals import Refusal, Refused
from tests.papers import PDF, a_file, packed


def refusal(name: str, content: bytes | None, size_limit: int = SIZE_LIMIT) -> Refusal | None:
    read = read_paper(name, 0 if content is None else len(content), content, size_limit)
    return read.reason if isinstance(read, Refused) else None


@pytest.mark.parametrize("kind", PaperKind)
def test_each_kind_is_taken_by_its_extension_and_content(kind: PaperKind) -> None:
    content = a_file(kind)
    for extension in (kind.value, kind.value.upper()):
        paper = read_paper(f"Báo cáo.{extension}", len(content), content, SIZE_LIMIT)
        assert isinstance(paper, Paper)
        assert (paper.kind, paper.size, paper.name) == (kind, len(content), f"Báo cáo.{extension}")


@pytest.mark.parametrize("named", PaperKind)
@pytest.mark.parametrize("real", PaperKind)
def test_one_kind_under_the_name_of_another_is_not_taken(named: PaperKind, real: PaperKind) -> None:
    expected = None if named is real else Refusal.PAPER_NOT_AS_NAMED
    assert refusal(f"a.{named}", a_file(real)) is expected


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.zip", "a.html", "a.svg", "a.docm", "a.doc", "pdf", "a.pdf.exe", "a", "", ".", "a.pdf/"],
)
def test_other_kinds_are_not_taken_whatever_is_in_them(name: str) -> None:
    assert refusal(name, PDF) is Refusal.PAPER_KIND_UNKNOWN


def test_a_packed_document_with_macros_or_a_damaged_one_is_not_taken() -> None:
    whole = a_file(PaperKind.DOCX)
    macros = packed(
        ("[Content_Types].xml", ""), ("word/document.xml", ""), ("word/vbaProject.bin", "Sub Auto_Open")
    )
    for content in (macros, whole[: len(whole) // 2], b"PK\x03\x04", b"PK\x03\x04" + b"\xff" * 200):
        assert refusal("a.docx", content) is Refusal.PAPER_NOT_AS_NAMED
    assert refusal("a.odt", packed(("mimetype", "application/zip"))) is Refusal.PAPER_NOT_AS_NAMED


def test_too_large_and_empty_files_are_not_taken() -> None:
    assert refusal("a.pdf", b"") is Refusal.PAPER_EMPTY
    assert refusal("a.pdf", None) is Refusal.PAPER_TOO_LARGE
    assert refusal("a.pdf", PDF, size_limit=len(PDF) - 1) is Refusal.PAPER_TOO_LARGE
    assert refusal("a.pdf", PDF + b" " * SIZE_LIMIT, size_limit=10**9) is Refusal.PAPER_TOO_LARGE


def test_a_package_of_countless_parts_is_not_taken() -> None:
    parts = [("[Content_Types].xml", ""), ("word/document.xml", "")]
    many = packed(*parts, *((f"{number}", "") for number in range(20_001)))
    assert refusal("a.docx", many) is Refusal.PAPER_NOT_AS_NAMED


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Báo cáo tổng kết.pdf", "Báo cáo tổng kết.pdf"),
        ("C:\\Tài liệu\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("  a \n b.PDF ", "a b.PDF"),
        ("." * 300 + "pdf", "_.pdf"),
        ("x" * 300 + ".docx", "x" * (NAME_LIMIT - 5) + ".docx"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    assert clean_name(name) == cleaned


@given(st.text(max_size=400), st.binary(max_size=100), st.sampled_from([kind.value for kind in PaperKind]))
def test_whatever_comes_is_taken_or_refused_and_a_clean_name_stays(
    name: str, content: bytes, end: str
) -> None:
    cleaned = clean_name(f"{name}.{end}")
    assert clean_name(cleaned) == cleaned
    assert 0 < len(cleaned) <= NAME_LIMIT
    assert not set(cleaned) & set('/\\\0\r\n"<>|?*:')
    read = read_paper(name, len(content), content, SIZE_LIMIT)
    assert isinstance(read, Paper | Refused)
