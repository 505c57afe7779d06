"""Pictures are kept privately, once each, and nothing outside of an import's folder is ever read for one."""

import os
import stat
from pathlib import Path

import pytest
from rasters import GIF, png
from worlds import World

from qbank.app.pictures import ALONG, beside, copy_pictures, keep_pictures, picture_file, read_picture
from qbank.core.pictures import kept_path
from qbank.errors import QbankError
from qbank.settings import Settings

PNG = png()
PATH = kept_path(PNG)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", "", None, None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an import file and a picture, and a secret beside the folder."""
    made = tmp_path / "imports"
    (made / "img").mkdir(parents=True)
    (made / "img" / "a.png").write_bytes(PNG)
    (tmp_path / "secret.png").write_bytes(PNG)
    return made


def test_pictures_beside_a_file_are_read_up_to_a_limit(folder: Path) -> None:
    """In its folder and below, with one byte more than the limit to tell that there is more."""
    assert beside(folder / "q.gift", 1000)("img/a.png") == PNG
    assert beside(folder / "q.gift", 5)("img/a.png") == PNG[:6]
    assert beside(folder / "q.gift", 5)("img/b.png") is None


@pytest.mark.parametrize(
    "path", ["../secret.png", "img/../../secret.png", "{out}", "linked.png", "away/secret.png"]
)
def test_nothing_outside_of_the_folder_is_read(folder: Path, path: str) -> None:
    """Neither upwards, nor from the root, nor through a link to a file or a folder."""
    (folder / "linked.png").symlink_to(folder.parent / "secret.png")
    (folder / "away").symlink_to(folder.parent)
    assert beside(folder / "q.gift", 1000)(path.format(out=folder.parent / "secret.png")) is None


def test_what_is_no_plain_file_is_not_read(folder: Path) -> None:
    """A pipe would be waited for without end; a link may lead in a circle, a name may be none."""
    os.mkfifo(folder / "pipe.png")
    (folder / "round.png").symlink_to("round.png")
    for path in ("pipe.png", "round.png", "img", "\0", "x" * 5000):
        assert beside(folder / "q.gift", 1000)(path) is None


def test_a_link_within_the_folder_may_be_followed(folder: Path) -> None:
    """It leads to what lies there anyway."""
    (folder / "same.png").symlink_to("img/a.png")
    assert beside(folder / "q.gift", 1000)("same.png") == PNG


def test_kept_pictures_are_private_and_written_once(settings: Settings) -> None:
    """Nobody else can read them, and the same one is not written again; a damaged one is."""
    keep_pictures(settings, {PATH: PNG})
    file = settings.home / PATH
    assert file.read_bytes() == PNG
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    before = file.stat().st_ino
    keep_pictures(settings, {PATH: PNG})
    assert file.stat().st_ino == before
    file.write_bytes(PNG[:9])
    keep_pictures(settings, {PATH: PNG})
    assert file.read_bytes() == PNG


@pytest.mark.parametrize(
    "path",
    [
        "../x.png",
        "pictures/../../x.png",
        "/etc/passwd",
        f"{PATH}/../x",
        PATH.upper(),
        f"x{PATH}",
        "",
        f"{PATH}\n",
    ],
)
def test_only_names_of_content_are_files(settings: Settings, path: str) -> None:
    """A text can name whatever it likes; it leads to a kept picture or to nothing."""
    assert picture_file(settings, path) is None
    keep_pictures(settings, {path: PNG})
    assert not settings.home.exists()


def test_a_picture_is_looked_up_by_its_path(tmp_path: Path, empty_sqlite: Path) -> None:
    """For whoever writes questions out; None for one that is gone."""
    world = World(tmp_path / "home", template=empty_sqlite)
    assert read_picture(world.workspace, PATH) is None
    keep_pictures(world.workspace.settings, {PATH: PNG})
    assert read_picture(world.workspace, PATH) == PNG
    assert read_picture(world.workspace, "../secret.png") is None
    world.close()


def test_a_copy_takes_pictures_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    """What is not the picture its name says stays behind, and what is there already is left alone."""
    keep_pictures(settings, {PATH: PNG, kept_path(GIF): GIF})
    (settings.pictures / "notes.txt").write_text("mine", encoding="utf-8")
    (settings.pictures / f"{'0' * 20}.png").write_bytes(PNG)
    target = tmp_path / "usb" / ALONG
    assert copy_pictures(settings.pictures, target) == 2
    assert {file.name for file in target.iterdir()} == {Path(PATH).name, Path(kept_path(GIF)).name}
    assert copy_pictures(settings.pictures, target) == 0
    assert copy_pictures(tmp_path / "nowhere", target) == 0


def test_a_copy_without_links_is_a_copy(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a stick with another file system."""

    def refuses(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    keep_pictures(settings, {PATH: PNG})
    copy_pictures(settings.pictures, tmp_path / "usb")
    assert (tmp_path / "usb" / Path(PATH).name).read_bytes() == PNG


def test_a_place_that_cannot_be_written_is_told(settings: Settings) -> None:
    """In a sentence, before any question is stored."""
    settings.home.mkdir()
    settings.pictures.write_text("in the way", encoding="utf-8")
    with pytest.raises(QbankError, match="cannot be written"):
        keep_pictures(settings, {PATH: PNG})
