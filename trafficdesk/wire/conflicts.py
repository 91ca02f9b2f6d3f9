"""What a conflict holds: its fields with their three sides, and the operations set aside whole."""

import msgspec


class FieldInConflict(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a conflict's ``fields``: where the desk began, what it made, what stands."""

    field: str
    base: object
    mine: object
    theirs: object
