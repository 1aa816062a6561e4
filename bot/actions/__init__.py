"""The typed actions that buttons carry, by topic, and their codec."""

# ruff: noqa: F403 - a topic's actions are listed once, where they are
from bot.actions.agenda import *
from bot.actions.attendance import *
from bot.actions.codec import Action as Action
from bot.actions.codec import decode as decode
from bot.actions.codec import encode as encode
from bot.actions.meetings import *
from bot.actions.opinions import *
from bot.actions.papers import *
from bot.actions.people import *
from bot.actions.pledges import *
from bot.actions.questions import *
from bot.actions.reminders import *
from bot.actions.scoring import *
from bot.actions.setup import *
from bot.actions.speaking import *
from bot.actions.tasks import *
from bot.actions.titles import *
from bot.actions.versions import *
from bot.actions.voting import *
