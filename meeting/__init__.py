"""The rules of a meeting: pure values and functions; no input or output, no clock, no wording."""
