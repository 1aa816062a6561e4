"""Where a demo leaves what it made: an empty folder, or one that an earlier demo filled."""

from pathlib import Path

from bot.demo.transcript import FIRST_LINE

DATABASE, TRANSCRIPT = "bieuquyet.db", "transcript.md"
RESULTS, SUMMARY, NEWS = "results.json", "summary.md", "news.txt"
_DATABASE_FILES = frozenset({DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal"})
_OURS = _DATABASE_FILES | {RESULTS, SUMMARY, NEWS, TRANSCRIPT}


class FolderError(Exception):
    """The folder can't be used; the text says in one line why, and what to do."""


def prepare(folder: Path) -> None:
    """Make the folder, or empty the one of an earlier demo; raises FolderError and leaves any other alone."""
    if "?" in str(folder.absolute()):
        raise FolderError(f"{folder} has a question mark in its path; name another folder with --out.")
    try:
        if folder.exists() and not folder.is_dir():
            raise FolderError(f"{folder} is a file; name a folder with --out.")
        found = {path.name for path in folder.iterdir()} if folder.exists() else set()
        if found and not (found <= _OURS and _is_of_demo(folder / TRANSCRIPT)):
            raise FolderError(
                f"{folder} holds files that no demo made; name another folder with --out, or empty this one."
            )
        folder.mkdir(parents=True, exist_ok=True)
        # The transcript says whose the folder is: it goes last and comes first.
        for name in sorted(found, key=lambda name: name == TRANSCRIPT):
            (folder / name).unlink()
        (folder / TRANSCRIPT).write_text(f"{FIRST_LINE}\n", encoding="utf-8")
    except OSError as error:
        raise FolderError(f"{folder}: {error.strerror}; name another folder with --out.") from error


def _is_of_demo(transcript: Path) -> bool:
    if not transcript.is_file():
        return False
    with transcript.open(encoding="utf-8", errors="replace") as file:
        return file.readline().rstrip("\n") == FIRST_LINE
