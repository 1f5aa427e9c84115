"""Tables read from a log: what cannot be told apart is refused and never mixed up."""

import pytest

from pcqa_sim.results.rows import MOST_CONTACTS
from pcqa_sim.results.tables import Tables
from pcqa_sim.values import eventlog as log
from pcqa_sim.values.eventlog import EventLog


def a_log_of_one_need(contacts: int) -> EventLog:
    events = EventLog(("practice",))
    for contact in range(contacts):
        events.add((float(contact), 0, 7, 70, contact, log.CONTACT_OPENED, "phone", "new", contact - 1))
    return events


def test_as_many_contacts_of_a_need_as_can_be_told_apart_are_read() -> None:
    contacts = Tables(a_log_of_one_need(MOST_CONTACTS).table(), "practice").contacts
    assert contacts["contact"].tolist() == list(range(MOST_CONTACTS))


def test_a_log_with_more_contacts_of_one_need_is_refused() -> None:
    with pytest.raises(ValueError, match="a need has more than 1000 contacts: only 1000 of one can be told apart"):
        Tables(a_log_of_one_need(MOST_CONTACTS + 1).table(), "practice")
