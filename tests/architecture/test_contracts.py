"""Which way dependencies point: the contracts hold, and each of them would notice a break."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("portal", "forms_library", "casework")
SITES = "portal and casework stand on forms_library and never import each other"
ROOMS = "inside casework: urls > views > forms > actions > access > models"
SCREENS = "a screen never opens a case by itself"
ONE_DOOR = "one door: guardian is known to the door and to the grant tables only"
BREAKS = [
    (SITES, "portal/search.py", "import casework.apps"),
    (SITES, "casework/demo.py", "import portal.search"),
    (SITES, "forms_library/schema.py", "import portal.search"),
    (SITES, "forms_library/deadlines.py", "import casework.demo"),
    (ROOMS, "casework/models/people.py", "from casework import access"),
    (ROOMS, "casework/access/cases.py", "import casework.actions.log"),
    (ROOMS, "casework/actions/log.py", "import casework.forms"),
    (ROOMS, "casework/forms/cases.py", "import casework.views.doors"),
    (SCREENS, "casework/views/desk.py", "import casework.models.cases"),
    (ONE_DOOR, "casework/actions/cases.py", "from guardian.shortcuts import assign_perm"),
    (ONE_DOOR, "portal/views.py", "import guardian"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {"PYTHONPATH": str(folder), "PATH": "", "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The code of the three packages, to be broken on purpose."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=lambda _folder, names: [n for n in names if n == "__pycache__"]
        )
    return folder


class TestTheContracts:
    def test_hold(self, copy):
        result = lint(copy)
        assert result.returncode == 0, result.stdout + result.stderr

    @pytest.mark.parametrize(
        ("contract", "path", "offence"), BREAKS, ids=[f"{path}: {offence}" for _c, path, offence in BREAKS]
    )
    def test_notice_a_break(self, copy, contract, path, offence):
        module = copy / path
        before = module.read_text()
        module.write_text(f"{before}\n{offence}\n")
        try:
            result = lint(copy)
        finally:
            module.write_text(before)
        assert result.returncode != 0
        assert f"{contract} BROKEN" in result.stdout, result.stdout + result.stderr

    def test_are_all_tried(self, copy):
        assert {contract for contract, _path, _offence in BREAKS} == {SITES, ROOMS, SCREENS, ONE_DOOR}
        assert (copy / "pyproject.toml").read_text().count("[[tool.importlinter.contracts]]") == 4
