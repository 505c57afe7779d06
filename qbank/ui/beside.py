"""What the full screen tells the page around it in a browser: the pictures to show beside it."""

import msgspec


class Beside(msgspec.Struct, frozen=True):
    """A picture: the place of the question that shows it, what stands for it in words, and the name of its file."""

    place: str
    alt: str
    name: str


class Pictures(msgspec.Struct, frozen=True, tag="qbank-pictures"):
    """The message that names all of them, in the order in which they are shown."""

    pictures: tuple[Beside, ...]
