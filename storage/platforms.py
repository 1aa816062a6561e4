"""What sets platforms apart for what is kept and made to be sent."""

ON_PAGES = frozenset({"web"})
"""Platforms whose pages read posts and cards from the database: nothing is sent to them."""

WITHOUT_FILES = frozenset({"zalo"})
"""Platforms whose chats hand over no files, either way."""

WITHOUT_BUTTONS = frozenset({"zalo"})
"""Platforms where what is offered is answered by typing."""

LOSING = frozenset({"zalo"})
"""Platforms on which what somebody sends may get lost on its way to the program."""

SPARING = frozenset({"zalo"})
"""Platforms where a card that changed is another message, and messages are counted."""
