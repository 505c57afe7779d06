"""The learner's editor in a real terminal: it has the keyboard to itself, and the block waits behind it."""

from pathlib import Path

from terminals import Terminal, ran, started_home

ASKED = "(? for help): "


def an_editor(folder: Path) -> dict[str, str]:
    """An editor that asks for a word and puts it into every lead-in."""
    script = folder / "my editor"
    script.write_text(
        '#!/bin/sh\nprintf "Which word? "\nread word\nsed -i "s/Which of the/In short, which $word of the/" "$1"\n'
    )
    script.chmod(0o755)
    return {"VISUAL": "", "EDITOR": f"'{script}'"}


def test_the_editor_has_the_keyboard_and_gives_it_back(tmp_path: Path) -> None:
    """What is typed in it goes to it, Ctrl-C there ends it alone, and the block goes on at the same question."""
    home = started_home(tmp_path / "home")
    with Terminal(
        home, ["block", "--size", "3", "--mode", "tutor", "--seed", "1"], environment=an_editor(tmp_path)
    ) as terminal:
        terminal.expect(ASKED)
        terminal.expect("what was the reason?", after=terminal.type("x"))
        after = terminal.expect(ASKED, after=terminal.type(""))
        terminal.expect("Which word? ", after=terminal.type(":e"))
        terminal.press(b"\x03")
        terminal.expect("Nothing was changed.", after=after)
        terminal.expect("Which word? ", after=terminal.type(":e"))
        after = terminal.expect("now stands for the bundled file:", after=terminal.type("tall"))
        terminal.expect(ASKED, after=after)
        terminal.expect("Saved.", after=terminal.type("q"))
        assert terminal.ended() == 0
        assert "Traceback" not in terminal.text
    (own,) = (home / "questions").rglob("*.md")
    assert "which tall of" in own.read_text(encoding="utf-8")
    assert ran(home, "doctor", "--rebuild").returncode == 0


def test_a_served_session_reaches_no_editor(tmp_path: Path) -> None:
    """With QBANK_SERVED set a terminal is no reason to start a program."""
    home = started_home(tmp_path / "home")
    environment = {**an_editor(tmp_path), "QBANK_SERVED": "1"}
    with Terminal(home, ["block", "--size", "3", "--mode", "tutor"], environment=environment) as terminal:
        terminal.expect(ASKED)
        terminal.expect("what was the reason?", after=terminal.type("x"))
        terminal.expect(ASKED, after=terminal.type(""))
        terminal.expect("Editing is off here", after=terminal.type(":e"))
        assert "Which word?" not in terminal.text
