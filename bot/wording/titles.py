"""What is said about titles: the decisions, how many receive them, local quotas, and what isn't done."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, assert_never

from bot.wording.catalogue import SOURCE_LANGUAGE
from bot.wording.numbers import official_count, percent, share
from bot.wording.voice import Voice, say
from meeting.refusals import Refusal
from meeting.titles import QuotaCheck, RecipientKind, TitleCounts
from storage.views import TitleView


def counts_text(voice: Voice, counts: TitleCounts) -> str:
    """Give how many receive a title: "06 tập thể và 18 cá nhân", "03 cá nhân" (`domain.md` §4.2)."""
    collectives = say(
        voice, "%(count)s collectives", count=official_count(counts.collectives, voice.language)
    )
    individuals = say(
        voice, "%(count)s individuals", count=official_count(counts.individuals, voice.language)
    )
    if counts.collectives and counts.individuals:
        return say(
            voice, "%(collectives)s and %(individuals)s", collectives=collectives, individuals=individuals
        )
    return collectives if counts.collectives else individuals


def decision_reference(voice: Voice, title: TitleView) -> str:
    """Give which decision it is: "Quyết định số 12/QĐ-TĐ ngày 28/12/2021 của Tỉnh đoàn"; what is known."""
    text = say(voice, "Decision")
    if title.number:
        text = say(voice, "%(decision)s no. %(number)s", decision=text, number=title.number)
    if title.decided_on is not None:
        text = say(voice, "%(decision)s of %(day)s", decision=text, day=f"{title.decided_on:%d/%m/%Y}")
    if title.issuer:
        text = say(voice, "%(decision)s by %(issuer)s", decision=text, issuer=title.issuer)
    return text


def title_name(title: str) -> str:
    """Give a title in its quotation marks, of which there is one pair only."""
    bare = title.strip()
    return bare if bare[:1] in "“\"«'" else f"“{bare}”"


def title_text(voice: Voice, title: TitleView) -> str:
    """Give a title and how many receive it: "“Lao động tiên tiến”: 06 tập thể và 18 cá nhân"."""
    if title.counts.total == 0:
        return say(voice, "%(title)s: no recipients yet", title=title_name(title.title))
    return f"{title_name(title.title)}: {counts_text(voice, title.counts)}"


def recognition_text(voice: Voice, title: TitleView) -> str:
    """Give a decision in a sentence's words: "Quyết định … công nhận danh hiệu “…” cho 03 cá nhân"."""
    return say(
        voice,
        "%(decision)s recognising the title %(title)s for %(counts)s",
        decision=decision_reference(voice, title),
        title=title_name(title.title),
        counts=counts_text(voice, title.counts),
    )


def total_text(voice: Voice, counts: TitleCounts) -> str:
    """Give how many titles were announced; who received two is counted twice, as in the decisions."""
    return say(voice, "Titles announced: %(counts)s.", counts=counts_text(voice, counts))


def state_text(voice: Voice, title: TitleView) -> str:
    """Give where a decision stands."""
    if title.withdrawn_at is not None:
        return say(voice, "decision withdrawn")
    return say(voice, "not announced yet") if title.announced_at is None else say(voice, "announced")


def kind_text(voice: Voice, kind: RecipientKind) -> str:
    """Give whether a collective or an individual is meant."""
    match kind:
        case RecipientKind.COLLECTIVE:
            return say(voice, "collective")
        case RecipientKind.INDIVIDUAL:
            return say(voice, "individual")
    assert_never(kind)


# Quotas


def quota_text(voice: Voice, check: QuotaCheck) -> str:
    """Give a quota and how it stands: a warning where it is exceeded or can't be checked, never a refusal."""
    quota = share_text(check.quota.share, voice.language)
    of = title_name(check.quota.of)
    if check.base is None:
        return say(
            voice,
            "The quota of %(quota)s can't be checked: there is no title %(of)s here to compare with.",
            quota=quota,
            of=of,
        )
    counted = share(check.individuals, check.base, voice.language)
    if 0 < check.individuals < check.base:
        counted = f"{counted} ({percent(check.individuals, check.base, voice.language)})"
    facts = {
        "counted": counted,
        "of": of,
        "quota": quota,
        "base": str(check.base),
        "allowed": exact_text(check.allowed, voice.language),
    }
    if check.is_kept:
        return say(voice, "Within the quota: %(counted)s of %(of)s; at most %(quota)s.", **facts)
    return say(
        voice,
        "Above the quota: %(counted)s of %(of)s; at most %(quota)s (%(quota)s of %(base)s is %(allowed)s). "
        "Rounding is a local matter: please check; the decision can be announced all the same.",
        **facts,
    )


def share_text(fraction: Fraction, language: str) -> str:
    """Give a share exactly: "15%", "12,5%", "1/3"."""
    text = exact_text(fraction * 100, language)
    return f"{fraction.numerator}/{fraction.denominator}" if "/" in text else f"{text}%"


def exact_text(number: Fraction, language: str) -> str:
    """Give a number exactly: "2,7", "3", "20/3"."""
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
        if places > _MOST_PLACES:
            return f"{number.numerator}/{number.denominator}"
    digits = str(int(number * 10**places)).zfill(places + 1)
    point = "." if language == SOURCE_LANGUAGE else ","
    return digits if places == 0 else f"{digits[:-places]}{point}{digits[-places:]}"


_MOST_PLACES = 4


# What is asked and answered


def titles_refused(voice: Voice, reason: Refusal, facts: Mapping[str, Any]) -> str:
    """Say why something about titles isn't done, and what to do next."""
    match reason:
        case Refusal.QUOTA_UNREADABLE:
            return say(
                voice,
                "This is no quota. Type a share and the other title that it is of, such as "
                "“15%%; Lao động tiên tiến”.",
            )
        case Refusal.RECIPIENT_TWICE:
            return say(
                voice,
                "Nothing was added: “%(name)s” is on the list already, or stands there twice. Leave it out "
                "and send the list again.",
                name=_short(facts.get("name", "")),
            )
        case Refusal.RECIPIENTS_TOO_MANY:
            return say(voice, "These are too many for one title. Put the rest into another decision.")
        case Refusal.TITLES_TOO_MANY:
            return say(voice, "This meeting has too many decisions on titles already.")
        case Refusal.TITLE_ANNOUNCED:
            return say(voice, "This decision was announced; it can't be changed or withdrawn any more.")
        case Refusal.TITLE_WITHDRAWN:
            return say(voice, "This decision was withdrawn. Look at the newest list.")
        case Refusal.TITLE_WITHOUT_RECIPIENTS:
            return say(
                voice,
                "Nobody receives “%(title)s” yet. Add the recipients, or withdraw the decision, and "
                "announce then.",
                title=_short(facts.get("title", "")),
            )
        case Refusal.NO_TITLES:
            return say(voice, "There is no decision on a title to announce. Add one first.")
        case _:
            return say(
                voice, "Titles are announced with an item of commendation; this is none. Add one first."
            )


def _short(name: str) -> str:
    """Give as much of a name as a short notice has room for."""
    return name if len(name) <= _ROOM_FOR_NAME else f"{name[: _ROOM_FOR_NAME - 1].rstrip()}…"


_ROOM_FOR_NAME = 60


def title_wanted(voice: Voice) -> str:
    """Ask which title a decision recognises."""
    return say(voice, "Which title does the decision recognise?")


def number_wanted(voice: Voice) -> str:
    """Ask for a decision's number."""
    return say(voice, "Which number does the decision have?")


def day_wanted(voice: Voice) -> str:
    """Ask for a decision's day."""
    return say(voice, "Of which day is the decision?")


def issuer_wanted(voice: Voice) -> str:
    """Ask who issued a decision."""
    return say(voice, "Who issued the decision?")


def quota_wanted(voice: Voice) -> str:
    """Ask for a local quota."""
    return say(
        voice,
        "At most which share of the individuals of which other title may receive this one? It only warns. "
        "Skip: no quota.",
    )


def recipients_wanted(voice: Voice, kind: RecipientKind, title: str) -> str:
    """Ask who receives a title."""
    match kind:
        case RecipientKind.COLLECTIVE:
            return say(voice, "Which collectives receive %(title)s? One on each line.", title=title)
        case RecipientKind.INDIVIDUAL:
            return say(
                voice,
                "Who receives %(title)s? One on each line: the full name; the unit after a semicolon where "
                "it is needed.",
                title=title,
            )
    assert_never(kind)


def recipients_example(kind: RecipientKind) -> str:
    """Give recipients as they are typed, always in Vietnamese, as names are."""
    if kind is RecipientKind.COLLECTIVE:
        return "Phòng Hành chính\nPhòng Kế hoạch"
    return "Nguyễn Văn An; Phòng Hành chính\nTrần Thị Bình"


def meant_wanted(voice: Voice, kind: RecipientKind, typed: str) -> str:
    """Ask whom a typed name means."""
    match kind:
        case RecipientKind.COLLECTIVE:
            return say(voice, "Which collective is “%(typed)s”?", typed=typed)
        case RecipientKind.INDIVIDUAL:
            return say(voice, "Whom do you mean by “%(typed)s”?", typed=typed)
    assert_never(kind)


def nobody_known(voice: Voice, kind: RecipientKind) -> str:
    """Say that nobody has such a name here."""
    match kind:
        case RecipientKind.COLLECTIVE:
            return say(voice, "No unit of this name is known here. Type the name again, or keep it as it is.")
        case RecipientKind.INDIVIDUAL:
            return say(
                voice,
                "Nobody of this name is known here. Type the name again, or keep it: this person is not "
                "told by the bot.",
            )
    assert_never(kind)


def title_added(voice: Voice) -> str:
    """Say that a decision is there."""
    return say(voice, "The decision is added. Now add who receives the title.")


def title_changed(voice: Voice) -> str:
    """Say that a decision says something else now."""
    return say(voice, "The decision is changed.")


def button_withdraw(voice: Voice) -> str:
    """Give the button that withdraws a decision."""
    return say(voice, "Withdraw the decision")


def button_take_out(voice: Voice) -> str:
    """Give the button that takes a recipient out."""
    return say(voice, "Take out")


def withdraw_sure(voice: Voice, title: str) -> str:
    """Ask once more whether a decision is withdrawn."""
    return say(voice, "Withdraw this decision? %(title)s", title=title)


def title_withdrawn(voice: Voice) -> str:
    """Say that a decision won't be announced."""
    return say(voice, "The decision is withdrawn; it will not be announced.")


def recipients_added(voice: Voice, count: int) -> str:
    """Say how many were added."""
    return say(voice, "Added: %(count)s.", count=official_count(count, voice.language))


def remove_sure(voice: Voice, name: str) -> str:
    """Ask once more whether somebody is taken out."""
    return say(voice, "Take this recipient out? %(name)s", name=name)


def recipient_removed(voice: Voice) -> str:
    """Say that somebody is taken out."""
    return say(voice, "The recipient is taken out.")


def titles_announced(voice: Voice, count: int, *, is_item_over: bool) -> str:
    """Say that titles are announced, and whether the item ended with them."""
    announced = official_count(count, voice.language)
    if is_item_over:
        return say(voice, "Titles announced: %(count)s. The item is over.", count=announced)
    return say(voice, "Titles announced: %(count)s. There are more to announce.", count=announced)


def commendation_title(voice: Voice) -> str:
    """Name the item with which titles are announced."""
    return say(voice, "Announcement of decisions on commendation")


# What a recipient is told


def congratulation(voice: Voice, name: str) -> str:
    """Congratulate somebody, in the official register."""
    return say(voice, "Congratulations to %(name)s.", name=name)


def own_title_text(voice: Voice, title: TitleView) -> str:
    """Say which title somebody was given, by which decision."""
    return say(
        voice,
        "Recognised: the title %(title)s. %(decision)s.",
        title=title_name(title.title),
        decision=decision_reference(voice, title),
    )
