"""The tables. Rows never leave `storage`; what holds at all times is held here by keys and checks.

Every table belongs to an organisation, but for those that exist before one is known: accounts, event marks,
guesses, dialogues, choices, counts of messages and files whose use is not known yet.
"""

# ruff: noqa: F403 - a topic's tables are listed once, where they are
from storage.rows.accounts import *
from storage.rows.delivery import *
from storage.rows.discussion import *
from storage.rows.meetings import *
from storage.rows.organisations import *
from storage.rows.papers import *
from storage.rows.pledges import *
from storage.rows.scoring import *
from storage.rows.thrift import *
from storage.rows.titles import *
from storage.rows.votes import *
