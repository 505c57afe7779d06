"""What became of a question's file, in sentences."""

from qbank.app.editing import Edited
from qbank.ui.banks import loaded_line


def edited_lines(edited: Edited) -> list[str]:
    """What was loaded from an edited file, or what is wrong with it and where."""
    lines = [f"The editor ended with an error ({edited.status})."] if edited.status else []
    if not edited.changed:
        return [
            *lines,
            "Nothing was changed. An editor with a window of its own has to wait: EDITOR='code --wait'",
        ]
    if edited.faults:
        return [
            *lines,
            "Your words are kept, but nothing was loaded:",
            *map(str, edited.faults),
            "Edit it again to mend that, or remove the file. Until then everything goes on with the old text.",
            f"    {edited.path}",
        ]
    if edited.copied:
        lines += ["Your own copy now stands for the bundled file:", f"    {edited.path}"]
    if edited.loaded is not None:
        lines.append(loaded_line(edited.loaded))
    return [*lines, "Your answers stay as they are, and this block keeps the text that it began with."]
