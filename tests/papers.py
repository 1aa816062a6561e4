"""Files of the kinds that are taken, small but real by their first bytes and parts."""

import io
import zipfile

from meeting.papers import PaperKind

_OFFICE = {
    PaperKind.DOCX: "word/document.xml",
    PaperKind.XLSX: "xl/workbook.xml",
    PaperKind.PPTX: "ppt/presentation.xml",
}


def packed(*parts: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts:
            archive.writestr(name, text)
    return out.getvalue()


def a_file(kind: PaperKind, text: str = "Báo cáo") -> bytes:
    """A file of a kind; with another text it is another file."""
    match kind:
        case PaperKind.PDF:
            return f"%PDF-1.7\n{text}\n%%EOF".encode()
        case PaperKind.JPEG:
            return b"\xff\xd8\xff\xe0" + text.encode()
        case PaperKind.PNG:
            return b"\x89PNG\r\n\x1a\n" + text.encode()
        case PaperKind.ODT | PaperKind.ODS:
            return packed(("mimetype", kind.media_type), ("content.xml", text))
        case _:
            return packed(("[Content_Types].xml", "<Types/>"), (_OFFICE[kind], text))


PDF = a_file(PaperKind.PDF)
