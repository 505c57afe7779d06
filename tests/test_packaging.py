"""What is shipped is what works here."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, so that nothing is left in the checkout."""
    sources = tmp_path_factory.mktemp("sources")
    tracked = ["qbank", "data", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "LICENSE-QUESTIONS"]
    subprocess.run(["cp", "-r", *(str(ROOT / name) for name in tracked), str(sources)], check=True)
    folder = tmp_path_factory.mktemp("wheel")
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(sources),
    ]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(folder.glob("*.whl"))


def test_wheel_carries_bank_exams_and_migrations(wheel: Path) -> None:
    """Every data file, every module of the sources and both pages for the browser are in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (*ROOT.glob("data/questions/*/*.md"), *ROOT.glob("data/**/*.toml"), *ROOT.glob("data/*.txt")):
        assert f"qbank/{path.relative_to(ROOT).as_posix()}" in names
    pages = (*ROOT.glob("qbank/ui/web/page/*"), *ROOT.glob("qbank/ui/page/*.css"))
    for path in (*ROOT.glob("qbank/**/*.py"), *pages):
        assert path.relative_to(ROOT).as_posix() in names


def test_block_runs_from_the_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    """Installed elsewhere, without the checkout, a stranger's first block works."""
    elsewhere = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(elsewhere),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    environment = {**os.environ, "PYTHONPATH": str(elsewhere), "QBANK_HOME": str(tmp_path / "home")}

    def qbank(*arguments: str, stdin: str = "") -> str:
        run = "import sys, qbank.cli.main as m; assert m.__file__.startswith(sys.argv.pop(1)); m.main(sys.argv[1:])"
        done = subprocess.run(
            [sys.executable, "-c", run, str(elsewhere), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    qbank("start", "--yes", "--report", "sample", "--no-block")
    assert "of 2; about" in qbank("block", "--size", "2", stdin="A\nB\n")
