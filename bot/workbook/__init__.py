"""The workbook that a meeting is set up with: handed out filled with an example, and taken back."""

from bot.workbook.problems import Problem, ProblemKind, Reading
from bot.workbook.reading import read_workbook
from bot.workbook.writing import write_workbook

__all__ = ["Problem", "ProblemKind", "Reading", "read_workbook", "write_workbook"]
