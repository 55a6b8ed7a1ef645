"""The two ways in which a comparison can disappoint."""


class NotMeasured(Exception):
    """A peer, or one case of it, could not be measured; the text says why, and stands in the report in place of figures."""


class Unusable(Exception):
    """The whole run cannot go on: wrong options, no upstream, no load generator."""
