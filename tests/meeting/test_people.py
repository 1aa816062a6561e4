from meeting.people import Actor, Right, Role


def actor(*roles: Role) -> Actor:
    return Actor(account_id=1, person_id=1, roles=frozenset(roles))


def test_an_attendee_without_a_role_may_do_nothing_of_it() -> None:
    assert not any(actor().may(right) for right in Right)


def test_only_the_secretary_sees_choices_by_name() -> None:
    assert [role for role in Role if actor(role).may(Right.SEE_CHOICES)] == [Role.SECRETARY]


def test_chair_and_secretary_preside_and_the_organiser_does_not() -> None:
    assert {role for role in Role if actor(role).may(Right.PRESIDE)} == {Role.CHAIR, Role.SECRETARY}


def test_only_the_organiser_sets_up() -> None:
    assert [role for role in Role if actor(role).may(Right.SET_UP)] == [Role.ORGANISER]


def test_roles_add_up() -> None:
    both = actor(Role.ORGANISER, Role.CHAIR)
    assert both.may(Right.SET_UP)
    assert both.may(Right.PRESIDE)


def test_who_presides_without_being_the_chair_acts_for_the_chair() -> None:
    assert actor(Role.SECRETARY).acts_for_chair()
    assert not actor(Role.CHAIR, Role.SECRETARY).acts_for_chair()
