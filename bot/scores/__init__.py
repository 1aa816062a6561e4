"""Scores as workbooks: a unit's sheet, handed out and taken back, and the table with the ranking."""
