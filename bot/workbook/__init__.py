"""The workbook that a meeting is set up with: handed out filled with an example, and taken back."""
