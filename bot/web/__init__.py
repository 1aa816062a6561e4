"""The web pages: what they show, how they are guarded, how they stay live; routes in `bot.platforms.web`."""
