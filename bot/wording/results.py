"""Results, attendance and quorum in sentences that claim no more than was counted (`domain.md` §4, §10)."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from bot.wording.labels import base_text, decision_text, quorum_base_text
from bot.wording.numbers import fraction_text, official_count, percent, plain_count, share
from bot.wording.voice import Voice, say, say_plural
from meeting.attendance import Attendance, QuorumKind
from meeting.counting import Threshold
from meeting.regimes import Rules
from meeting.tally import Decision, Tally, Verdict
from meeting.voting import STANDARD_OPTIONS, BaseKind, Option


def result_text(
    voice: Voice,
    tally: Tally,
    verdict: Verdict,
    threshold: Threshold,
    base_kind: BaseKind,
    options: Sequence[Option] = STANDARD_OPTIONS,
) -> str:
    """Give the result of a counted vote: counts over the base, then the verdict with its threshold.

    "48/50 đại biểu có mặt tán thành (đạt 96,00%); không tán thành: 01; ý kiến khác: 0; không biểu quyết: 01.
    Thông qua (quá 50% số đại biểu dự hội nghị)."
    """
    counts = counts_text(voice, tally, base_kind, options, is_advisory=verdict.decision is Decision.CONSULTED)
    return f"{counts} {verdict_text(voice, verdict, threshold, base_kind)}"


def counts_text(
    voice: Voice,
    tally: Tally,
    base_kind: BaseKind,
    options: Sequence[Option] = STANDARD_OPTIONS,
    *,
    is_advisory: bool = False,
) -> str:
    """Give the counts of a vote over its named base, ended by a full stop."""
    clauses = [_in_favour_text(voice, tally, base_kind, is_advisory=is_advisory)]
    others = [option for option in options if option is not Option.YES]
    clauses += [_option_count_text(voice, option, tally.count(option)) for option in others]
    not_voted = official_count(tally.not_voted, voice.language)
    clauses.append(say(voice, "not voted: %(count)s", count=not_voted))
    return "; ".join(clauses) + "."


def _in_favour_text(voice: Voice, tally: Tally, base_kind: BaseKind, *, is_advisory: bool) -> str:
    yes = tally.count(Option.YES)
    counted = share(yes, tally.base, voice.language)
    who = _counted_people_text(voice, base_kind)
    if tally.base == 0:
        return say(voice, "%(counted)s %(who)s in favour", counted=counted, who=who)
    reached = percent(yes, tally.base, voice.language)
    if is_advisory:
        return say(
            voice,
            "%(counted)s %(who)s in favour of the draft (%(percent)s)",
            counted=counted,
            who=who,
            percent=reached,
        )
    return say(
        voice, "%(counted)s %(who)s in favour (%(percent)s)", counted=counted, who=who, percent=reached
    )


def _counted_people_text(voice: Voice, base_kind: BaseKind) -> str:
    match base_kind:
        case BaseKind.ATTENDEES:
            return say(voice, "delegates present")
        case BaseKind.SUMMONED:
            return say(voice, "delegates summoned")
        case BaseKind.UNITS:
            return say(voice, "units")
        case BaseKind.ALL_UNITS:
            return say(voice, "units summoned")
    assert_never(base_kind)


def counted_of_text(voice: Voice, base: int, base_kind: BaseKind) -> str:
    """Give a base with its name: "46 đại biểu có mặt"."""
    return f"{plain_count(base, voice.language)} {_counted_people_text(voice, base_kind)}"


def _option_count_text(voice: Voice, option: Option, n: int) -> str:
    count = official_count(n, voice.language)
    match option:
        case Option.YES:
            return say(voice, "in favour: %(count)s", count=count)
        case Option.NO:
            return say(voice, "not in favour: %(count)s", count=count)
        case Option.OTHER:
            return say(voice, "other opinion: %(count)s", count=count)
        case Option.ABSTAIN:
            return say(voice, "no opinion: %(count)s", count=count)
    assert_never(option)


def option_caption(voice: Voice, option: Option, tally: Tally) -> str:
    """Give what stands beside an option's bar: "Không tán thành: 01 (2,44%)"."""
    text = _option_count_text(voice, option, tally.count(option))
    text = text[0].upper() + text[1:]
    return text if tally.base == 0 else f"{text} ({percent(tally.count(option), tally.base, voice.language)})"


def verdict_text(voice: Voice, verdict: Verdict, threshold: Threshold, base_kind: BaseKind) -> str:
    """Give what a counted vote decided, with its threshold; an advisory one decides nothing."""
    base = base_text(voice, base_kind)
    needed = needed_text(voice, threshold, base)
    match verdict.decision:
        case Decision.ADOPTED if verdict.is_unanimous:
            return say(voice, "Adopted, unanimously by 100%% of %(base)s.", base=base)
        case Decision.ADOPTED:
            return say(voice, "Adopted (%(needed)s).", needed=needed)
        case Decision.ADOPTED_WITH_ADDITIONS if verdict.is_unanimous:
            return say(voice, "Adopted with additions, unanimously by 100%% of %(base)s.", base=base)
        case Decision.ADOPTED_WITH_ADDITIONS:
            return say(voice, "Adopted with additions (%(needed)s).", needed=needed)
        case Decision.CONSULTED:
            given = say(voice, "The meeting gave its opinions.")
            return f"{given} {_consulted_text(voice)}"
        case Decision.REJECTED:
            return say(voice, "Not adopted (%(needed)s needed).", needed=needed)
        case Decision.NOTED | Decision.SKIPPED:
            return outcome_text(voice, verdict.decision)
    assert_never(verdict.decision)


def needed_text(voice: Voice, threshold: Threshold, base: str) -> str:
    """Give a threshold of a base in words: "quá 50% số đại biểu dự hội nghị"."""
    fraction = fraction_text(threshold)
    if threshold.is_strict:
        return say(voice, "more than %(share)s of %(base)s", share=fraction, base=base)
    return say(voice, "at least %(share)s of %(base)s", share=fraction, base=base)


def _consulted_text(voice: Voice) -> str:
    return say(voice, "The opinions are collected and put to the head of the agency, who decides.")


def outcome_text(voice: Voice, decision: Decision, additions: int = 0) -> str:
    """Give what became of an item without a count: never a number that was not counted, never a percentage.

    `additions` is how many contents were added, 0 where nobody said how many.
    """
    match decision:
        case Decision.ADOPTED:
            return say(voice, "The meeting agreed (not counted).")
        case Decision.ADOPTED_WITH_ADDITIONS if additions == 0:
            return say(voice, "The meeting agreed in principle, with additions (not counted).")
        case Decision.ADOPTED_WITH_ADDITIONS:
            return say_plural(
                voice,
                "The meeting agreed in principle, with %(n)s addition (not counted).",
                "The meeting agreed in principle, with %(n)s additions (not counted).",
                additions,
                n=official_count(additions, voice.language),
            )
        case Decision.CONSULTED:
            given = say(voice, "The meeting gave its opinions (not counted).")
            return f"{given} {_consulted_text(voice)}"
        case Decision.REJECTED:
            return say(voice, "The meeting did not agree (not counted).")
        case Decision.NOTED:
            return say(voice, "The meeting heard it.")
        case Decision.SKIPPED:
            return say(voice, "Left out of this meeting.")
    assert_never(decision)


def papers_text(voice: Voice, decisions: Mapping[Decision, int]) -> str:
    """Give how many reports and papers were put to a meeting, and what became of them."""
    parts = []
    for decision in Decision:
        if decisions.get(decision):
            text = decision_text(voice, decision)
            count = official_count(decisions[decision], voice.language)
            parts.append(f"{text[:1].lower()}{text[1:]}: {count}")
    count = official_count(sum(decisions.values()), voice.language)
    return say(
        voice,
        "Reports and papers put to the meeting: %(count)s (%(parts)s).",
        count=count,
        parts="; ".join(parts),
    )


def cancelled_text(voice: Voice, number: int, reason: str) -> str:
    """Give that a run of a vote was cancelled; its tally is published nowhere."""
    reason = reason.rstrip(". ")
    return say(
        voice,
        "Vote %(number)s was cancelled: %(reason)s. No result is counted.",
        number=number,
        reason=reason,
    )


def attendance_text(voice: Voice, attendance: Attendance) -> str:
    """Give the attendance: "Triệu tập 48; có mặt 46 (đạt 95,83%); vắng 02. Đủ điều kiện tiến hành."."""
    return f"{_attendance_counts_text(voice, attendance)} {quorum_text(voice, attendance)}"


def _attendance_counts_text(voice: Voice, attendance: Attendance) -> str:
    language = voice.language
    if attendance.quorum.kind is QuorumKind.UNITS:
        return say(
            voice,
            "Units summoned: %(summoned)s; present: %(present)s%(reached)s; absent: %(absent)s.",
            summoned=official_count(attendance.units, language),
            present=official_count(attendance.units_present, language),
            reached=_reached_text(voice, attendance),
            absent=official_count(attendance.units - attendance.units_present, language),
        )
    counts = say(
        voice,
        "Summoned: %(summoned)s; present: %(present)s%(reached)s; absent: %(absent)s.",
        summoned=official_count(attendance.summoned, language),
        present=official_count(attendance.present, language),
        reached=_reached_text(voice, attendance),
        absent=official_count(attendance.summoned - attendance.present, language),
    )
    if attendance.quorum.kind is QuorumKind.SUMMONED or attendance.headcount == attendance.summoned:
        return counts
    whole_staff = say(voice, "Whole staff: %(count)s.", count=official_count(attendance.headcount, language))
    return f"{whole_staff} {counts}"


def _reached_text(voice: Voice, attendance: Attendance) -> str:
    """Give " (đạt 95,83%)", naming a base that is not the number summoned beside it; "" of an empty one."""
    if attendance.base == 0:
        return ""
    reached = percent(attendance.counted, attendance.base, voice.language)
    if attendance.quorum.kind is QuorumKind.HEADCOUNT and attendance.headcount != attendance.summoned:
        return say(voice, " (%(percent)s of the whole staff)", percent=reached)
    return say(voice, " (%(percent)s)", percent=reached)


def quorum_text(voice: Voice, attendance: Attendance) -> str:
    """Give whether the meeting has its quorum and, if not, how many are missing."""
    if attendance.has_quorum:
        return say(voice, "The meeting has its quorum.")
    if attendance.base == 0:
        return say(voice, "Nobody has been summoned yet.")
    base = quorum_base_text(voice, attendance.quorum.kind)
    needed = needed_text(voice, attendance.quorum.threshold, base)
    missing = official_count(attendance.missing, voice.language)
    return say(voice, "No quorum yet: %(missing)s more needed (%(needed)s).", missing=missing, needed=needed)


def statement_text(voice: Voice, attendance: Attendance, rules: Rules) -> str:
    """Give the statement of attendance that the chair confirms, with its source (`domain.md` §10)."""
    language = voice.language
    if attendance.quorum.kind is QuorumKind.UNITS:
        absent = say(
            voice,
            "absent: %(absent)s",
            absent=official_count(attendance.units - attendance.units_present, language),
        )
    else:
        absent = say(
            voice,
            "absent: %(absent)s (excused: %(excused)s)",
            absent=official_count(attendance.summoned - attendance.present, language),
            excused=official_count(attendance.excused, language),
        )
    present = say(
        voice,
        "present: %(counted)s%(reached)s",
        counted=share(attendance.counted, attendance.base, language),
        reached=_reached_text(voice, attendance),
    )
    source = source_of_rules_text(voice, rules)
    if attendance.has_quorum:
        conclusion = say(voice, "Under %(source)s, the meeting has its quorum.", source=source)
    else:
        conclusion = say(voice, "Under %(source)s, the meeting does not have its quorum yet.", source=source)
    return f"{_stated_base_text(voice, attendance)}; {present}; {absent}. {conclusion}"


def _stated_base_text(voice: Voice, attendance: Attendance) -> str:
    """Give the number that the statement begins with; a whole staff that nobody gave is not claimed."""
    language = voice.language
    match attendance.quorum.kind:
        case QuorumKind.UNITS:
            return say(voice, "Units summoned: %(count)s", count=official_count(attendance.units, language))
        case QuorumKind.SUMMONED if attendance.headcount == attendance.summoned:
            summoned = official_count(attendance.summoned, language)
            return say(voice, "Delegates summoned: %(count)s", count=summoned)
        case QuorumKind.SUMMONED | QuorumKind.HEADCOUNT:
            return say(
                voice,
                "Cadres, civil servants, public employees and workers: %(headcount)s people; "
                "summoned: %(summoned)s",
                headcount=official_count(attendance.headcount, language),
                summoned=official_count(attendance.summoned, language),
            )
    assert_never(attendance.quorum.kind)


def source_of_rules_text(voice: Voice, rules: Rules) -> str:
    """Give where a meeting's rules come from, marked where that is still to be checked."""
    if rules.is_verified:
        return rules.source
    return say(voice, "%(source)s (source still to be checked)", source=rules.source)


def rules_text(voice: Voice, rules: Rules) -> str:
    """Give quorum and threshold of a meeting with their source, for those who set it up and preside."""
    return say(
        voice,
        "Quorum: %(quorum)s. Adopted with: %(threshold)s. Source: %(source)s.",
        quorum=needed_text(voice, rules.quorum.threshold, quorum_base_text(voice, rules.quorum.kind)),
        threshold=needed_text(voice, rules.threshold, base_text(voice, rules.base_kind)),
        source=source_of_rules_text(voice, rules),
    )
