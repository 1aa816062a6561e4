"""Zalo, by its Bot Platform: no buttons, no edits, no files, but numbers, words and addresses."""
