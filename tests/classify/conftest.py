"""The coder of the tool's own codebook, made once."""

import pytest

from classify.coder import Coder


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder()
