"""What the operator does at the command line; `bot/__main__.py` has the commands with their options."""
