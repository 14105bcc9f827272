"""The one error of this package."""


class Refused(Exception):
    """The input breaks a rule of form: nothing of it is used (exit code 2)."""
