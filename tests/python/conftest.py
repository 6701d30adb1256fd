"""What all tests have: a ledger of who holds which CPUs (TROUPE_LEDGER) of each test's own.

So tests that run beside each other, and beside a user's studies, do not wait for one another.
"""

import pytest


@pytest.fixture(autouse=True)
def ledger(tmp_path_factory, monkeypatch):
    """The folder, which is there when the first study has run."""
    folder = tmp_path_factory.mktemp("machine") / "ledger"
    monkeypatch.setenv("TROUPE_LEDGER", str(folder))
    return folder
