"""Sources name settings as the command line does, for these tests."""

from collections.abc import Iterator

import pytest

from losscli.cli.request import as_option
from losscli.errors import tongue


@pytest.fixture(autouse=True)
def in_options() -> Iterator[None]:
    token = tongue.set(as_option)
    yield
    tongue.reset(token)
