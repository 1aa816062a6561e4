"""Layout: what is known → Card, one module per topic; what is shown follows from the view alone.

Cards that follow what they show (rendered by `bot/rendering.py`):
    home.home_card(voice, view: HomeView)                 panel.panel_card(voice, view: PanelView)
    attendance.attendance_card(voice, view: AttendanceView)   ballot.ballot_card(voice, view: BallotView)
Cards that answer a tap (called by `bot/dialogues/`; pages count from 0):
    roll.vote_roll_card(voice, view: VoteRollView, page)      roll.elector_card(voice, view: VoteRollView, elector)
    roll.latecomers_card(voice, view: VoteRollView)
    roll.roll_card(voice, view: RollView, page)               roll.attendee_card(voice, meeting, attendee: AttendeeView)
    agenda.agenda_card(voice, view: AgendaView, page)         agenda.item_card(voice, meeting, item: ItemView)
    agenda.joint_card(voice, view: AgendaView, vote: VoteView)   (which other items go into a drafted vote: JoinVote)
    invitations.invitations_card(voice, meeting, ways: Sequence[Way], page)   invitations.role_card(voice, role, way: Way)
        Way(name, unit, code, links: tuple[tuple[label, url], ...], is_bound)  defined in invitations.py
    setup.plan_card(voice, plan: MeetingPlan, warnings: Sequence[str], version)   preview, ConfirmPlan / CancelDialogue
    setup.problems_card(voice, problems: Sequence[str], total)
    setup.question_card(voice, text, *, limit, example="", is_long=False, takes_file=False, rows=())  adds CancelDialogue
    setup.yes_no_card(voice, text, version)                   AnswerYesNo(version, 1 | 0)
    setup.sure_card(voice, text, label, action)               asked once more: that action, or CancelDialogue
    setup.template_card(voice)                                ChooseTemplate for each, labelled by wording.prompts.template_names
    labels in wording.labels: button_sure_leave(voice), button_sure_close(voice), button_sure_close_meeting(voice)
    the panel offers ShowJoint (drafted vote), ScheduleCheckIn (planned, window never open), AttendOneself (organiser off the roll)
    help.help_card(voice, view: PanelView | None, is_attendee, is_organiser)
Posts (rendered by `bot/rendering.py`):
    result.result_card(voice, meeting, vote: VoteView)        result.item_decided_card(voice, meeting, item: ItemView)
    summary.summary_card(voice, view: ResultsView)            summary.summary_markdown(voice, view: ResultsView) -> str
    notices.check_in_opened_card / moved_away_card / all_voted_card / quorum_lost_card / vote_paused_card
"""
