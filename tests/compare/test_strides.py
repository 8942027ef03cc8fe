from __future__ import annotations

import numpy as np
import pytest

from formcheck.compare import even_contacts_s


def test_even_contacts_are_all_kept() -> None:
    contacts = np.array([0.2, 0.9, 1.61, 2.3])
    assert even_contacts_s(contacts) == pytest.approx(contacts)


def test_a_missed_contact_ends_the_run_and_the_longer_part_is_kept() -> None:
    contacts = np.array([0.2, 0.9, 2.3, 3.0, 3.7, 4.4])
    assert even_contacts_s(contacts) == pytest.approx([2.3, 3.0, 3.7, 4.4])


@pytest.mark.parametrize("contacts", [[], [1.0]])
def test_without_a_whole_stride_there_is_nothing_to_line_up_by(contacts: list[float]) -> None:
    assert len(even_contacts_s(np.array(contacts))) == 0
