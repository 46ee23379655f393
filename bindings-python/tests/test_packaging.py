"""Installs the wheels in new virtual environments and runs the code from the README in them."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import venv

import pytest
from network import free_port, running, wait_for_response

from .conftest import PAIR_SECRET, call

PACKAGE = pathlib.Path(__file__).parent.parent
CACHE = PACKAGE.parent / ".cache"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Returns the path of the wheel for this Python version."""
    return copied(CACHE / "wheels", "make .cache/wheel.stamp", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def stable(tmp_path_factory):
    """Returns the path of the stable-ABI wheel, which works with all Python versions."""
    return copied(CACHE / "abi3" / "wheels", "make .cache/abi3.stamp", tmp_path_factory.mktemp("stable"))


def copied(wheels, build, into):
    """Copies the wheel and returns the path of the copy, because a parallel build could remove the
    original."""
    found = sorted(wheels.glob("sealwire-*.whl"))
    assert len(found) == 1, f"build the wheel first: {build}"
    return pathlib.Path(shutil.copy(found[0], into))


def environment(path, python=None):
    """Creates a virtual environment and returns the path of its interpreter."""
    if python is None:
        venv.create(path, with_pip=True, symlinks=True)
    else:
        subprocess.run([python, "-m", "venv", str(path)], check=True)
    return path / "bin" / "python"


def install(python, *requirements):
    command = [
        str(python),
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        *map(str, requirements),
    ]
    subprocess.run(command, check=True)


def readme_blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (PACKAGE / "README.md").read_text(), re.DOTALL)


def test_the_readme_runs_from_an_empty_environment(wheel, tmp_path):
    python = environment(tmp_path / "venv")
    (requirements,) = re.findall(r"pip install (.*)", readme_blocks("console")[0])
    extras = re.search(r"\[(.*?)\]", requirements)[1]
    install(python, f"{wheel}[{extras}]", *requirements.split()[1:])
    # The WebSocket client and the hooks are not run here, because other tests run them.
    service, client, _websocket, modes, hooks, plain = readme_blocks("python")
    compile(hooks, "README.md", "exec")
    port = free_port()
    (tmp_path / "service.py").write_text(service)
    (tmp_path / "client.py").write_text(client.replace(":8000", f":{port}"))
    (tmp_path / "modes.toml").write_text('mode = "enforce"')
    (tmp_path / "modes.py").write_text(modes)
    (tmp_path / "plain.py").write_text(plain)
    variables = {**os.environ, "HMAC_SECRET_AGENT_PRACTICES": PAIR_SECRET}
    run = {"cwd": tmp_path, "env": variables, "check": True, "capture_output": True, "text": True}
    for program in ("modes.py", "plain.py"):
        subprocess.run([python, program], **run)
    server = [python, "-m", "uvicorn", "service:app", "--port", str(port), "--log-level", "warning"]
    with running(server, port, wait_for_response, cwd=tmp_path, env=variables):
        time.sleep(1.1)  # the replay table rejects requests that were signed in its first second
        assert subprocess.run([python, "client.py"], **run).stdout == "200 called by agent\n"
        assert call(f"http://127.0.0.1:{port}", "POST", "/items", {}).status_code == 401


OTHERS = [
    path
    for path in map(pathlib.Path, (f"/usr/bin/python3.{minor}" for minor in range(11, 16)))
    if path.exists()
] + [
    path
    for path in sorted(pathlib.Path.home().glob(".pyenv/versions/3.1[1-9].*/bin/python"))
    if not os.path.samefile(path, sys.executable)
]


@pytest.mark.parametrize("python", [pathlib.Path(sys.executable), *OTHERS], ids=str)
def test_pip_selects_the_wheel_for_its_python_or_the_stable_abi(wheel, stable, tmp_path, python):
    inside = environment(tmp_path / "venv", python)
    install(inside, "--no-index", "--find-links", wheel.parent, "--find-links", stable.parent, "sealwire")
    subprocess.run([inside, "-W", "error", "-c", readme_blocks("python")[-1]], check=True)
    loaded = said_by(inside, "import sealwire._native as native; print(native.__file__)")
    assert (".abi3." in loaded) is (tag(inside) != tag(sys.executable))


def tag(python):
    """Returns the file suffix that extension modules have in this Python version."""
    return said_by(python, "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'))")


def said_by(python, program):
    return subprocess.run([python, "-c", program], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("kind", ["wheel", "stable"])
def test_each_wheel_contains_types_and_has_no_dependencies(kind, request):
    import zipfile

    with zipfile.ZipFile(request.getfixturevalue(kind)) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith("METADATA"))
        requires = re.findall(r"Requires-Dist: (.*)", archive.read(metadata).decode())
    assert "sealwire/py.typed" in names and "sealwire/_native.pyi" in names
    assert all("extra ==" in requirement for requirement in requires)


def test_the_reference_builds_and_every_public_name_is_described(tmp_path):
    import sealwire

    undescribed = [name for name in sealwire.__all__ if not (getattr(sealwire, name).__doc__ or "").strip()]
    assert undescribed == ["__version__"] or undescribed == []
    command = [
        sys.executable,
        "-m",
        "pdoc",
        "sealwire",
        "sealwire.asgi",
        "sealwire.compat",
        "-o",
        str(tmp_path),
    ]
    subprocess.run(command, check=True, capture_output=True)
    assert "HMACAuthMiddleware" in (tmp_path / "sealwire" / "asgi.html").read_text()


def test_the_migration_page_names_existing_functions():
    import sealwire.compat

    page = (PACKAGE / "docs" / "migration.md").read_text()
    imported = re.search(r"\+from sealwire.compat import \((.*?)\+\)", page, re.DOTALL)[1]
    names = re.findall(r"\w+", imported)
    assert len(names) == 6 and all(hasattr(sealwire.compat, name) for name in names)
