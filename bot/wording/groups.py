"""What is said in groups and of them."""

from collections.abc import Sequence
from typing import assert_never

from bot.wording.reach import platform_text
from bot.wording.voice import Voice, say
from meeting.states import GroupRight
from storage.views import GroupLine


def missing_right_text(voice: Voice, right: GroupRight, group: str) -> str:
    """Say what the bot may not do in a group, and how that is changed."""
    match right:
        case GroupRight.PIN:
            return say(
                voice,
                "The bot may not pin messages in the group “%(group)s” yet. All else works; to have what is "
                "current pinned, give it that right in the group.",
                group=group,
            )
        case GroupRight.WRITE:
            return say(
                voice,
                "The bot may not write in the group “%(group)s”. Allow it to send messages there; what is "
                "missing then follows.",
                group=group,
            )
    assert_never(right)


def group_text(voice: Voice, group: GroupLine) -> str:
    """Give a group in a list, with what is amiss there."""
    platform = platform_text(voice, group.platform)
    text = say(voice, "%(platform)s group: %(group)s.", platform=platform, group=group.title)
    if not group.is_reachable:
        return say(voice, "%(text)s The bot is not in it any more; add it again.", text=text)
    if GroupRight.WRITE in group.lacks:
        return say(voice, "%(text)s The bot may not write there.", text=text)
    if GroupRight.PIN in group.lacks:
        return say(voice, "%(text)s The bot may not pin messages there.", text=text)
    return text


def left_text(voice: Voice, group: str) -> str:
    """Say that the bot was removed from a group."""
    return say(
        voice,
        "The bot was removed from the group “%(group)s”: nothing is posted there any more. Added again, it "
        "goes on.",
        group=group,
    )


def let_go(voice: Voice, group: str) -> str:
    """Answer that a group follows nothing any more."""
    return say(voice, "The group “%(group)s” is no longer linked; the bot leaves it.", group=group)


def unbind_sure(voice: Voice, group: str) -> str:
    """Ask once more before a group is let go."""
    return say(
        voice, "Unlink the group “%(group)s”? The bot posts nothing there any more and leaves.", group=group
    )


def button_unbind(voice: Voice) -> str:
    """Label what lets a group go."""
    return say(voice, "Unlink the group")


def unbind_sure_staying(voice: Voice, group: str) -> str:
    """The same of a group that the bot can't leave by itself."""
    return say(
        voice,
        "Unlink the group “%(group)s”? The bot posts nothing there any more. To have it out of the group, "
        "remove it there.",
        group=group,
    )


def let_go_staying(voice: Voice, group: str) -> str:
    """Answer that a group follows nothing any more that the bot can't leave by itself."""
    return say(
        voice,
        "The group “%(group)s” is no longer linked; nothing is posted there any more. Remove the bot from "
        "it if you like.",
        group=group,
    )


def button_link(voice: Voice, platforms: Sequence[str]) -> str:
    """Label what links a group, on whichever of these platforms."""
    names = "/".join(platform_text(voice, platform) for platform in platforms)
    return say(voice, "Link a %(platform)s group", platform=names)


def link_heading(voice: Voice, platforms: Sequence[str], title: str) -> str:
    """Head the ways of linking a group to a meeting."""
    return f"{button_link(voice, platforms)}: {title}"


def link_by_code(voice: Voice, address: str, code: str) -> str:
    """Say how a group is linked where no link does it."""
    return say(
        voice,
        "Zalo: add the bot (%(address)s) to the group, then write there: pick the bot with @ and type the "
        "code %(code)s",
        address=address,
        code=code,
    )


def link_by_code_manner(voice: Voice) -> str:
    """Say what such a group is for."""
    return say(
        voice,
        "A Zalo group is told when a vote opens, its result and the summary; everybody votes in the "
        "private chat. Only messages that pick the bot with @ reach it.",
    )


def type_code_there(voice: Voice, code: str) -> str:
    """Say what is typed in the private chat by who isn't known there yet."""
    return say(
        voice, "Whom the bot does not know yet types this code in the private chat: %(code)s", code=code
    )


def rebind_by_typing(voice: Voice, followed: str, title: str, code: str) -> str:
    """Ask once more before a group follows another meeting, where there are no buttons."""
    return say(
        voice,
        "This group follows “%(followed)s”. To link it to “%(title)s” instead, write here once more, with "
        "the bot picked by @: %(code)s yes",
        followed=followed,
        title=title,
        code=code,
    )


def vote_privately(voice: Voice) -> str:
    """Answer a choice that was typed in a group."""
    return say(voice, "NOT recorded: one votes in the private chat with the bot only.")


def rebound(voice: Voice) -> str:
    """Answer that a group follows another meeting now."""
    return say(voice, "This group is linked to the new meeting now.")


def rebind_sure(voice: Voice, followed: str, title: str) -> str:
    """Ask once more before a group follows another meeting."""
    return say(
        voice,
        "This group follows “%(followed)s”. Link it to “%(title)s” instead?",
        followed=followed,
        title=title,
    )


def button_rebind(voice: Voice) -> str:
    """Label what has a group follow another meeting."""
    return say(voice, "Link to the new meeting")


def follows(voice: Voice, title: str) -> str:
    """Say which meeting a group follows."""
    return say(
        voice,
        "This group follows “%(title)s”. Replies, papers and opinions are for the private chat with the bot.",
        title=title,
    )


def not_bound(voice: Voice) -> str:
    """Say that a group follows nothing, and who could change that."""
    return say(voice, "This group is not linked to a meeting. The organiser of a meeting can link it.")


def not_in_use(voice: Voice) -> str:
    """Greet a group to which somebody added the bot who can't bind it."""
    return say(
        voice,
        "Hello; this bot serves formal meetings, and stays silent here until a meeting's organiser links "
        "this group.",
    )


def anonymous_refused(voice: Voice) -> str:
    """Answer somebody who speaks in the name of a chat."""
    return say(
        voice,
        "The bot can't tell who is asking, as the message was sent anonymously. Send it again as yourself, "
        "or write to the bot in the private chat.",
    )


def private_only(voice: Voice) -> str:
    """Answer what is not done in a group."""
    return say(voice, "This is done in the private chat with the bot. Open it and go on there.")


def bind_first(voice: Voice) -> str:
    """Answer a tap of somebody unknown where no address can be opened."""
    return say(
        voice,
        "NOT recorded: the bot does not know this account yet. Open the private chat with the bot, or your "
        "personal link, and come back.",
    )


def asked_privately(voice: Voice, notice: str) -> str:
    """Add that the text is asked for in the private chat."""
    return say(voice, "%(notice)s The text is asked for in the private chat with the bot.", notice=notice)
