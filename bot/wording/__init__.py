"""Sentences, numbers and dates in the languages that people choose, shared by cards, pages and papers."""
