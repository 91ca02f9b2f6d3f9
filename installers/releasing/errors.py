"""Why a release was not made; the sentence says what to do."""


class ReleaseError(Exception):
    """Nothing was published."""
