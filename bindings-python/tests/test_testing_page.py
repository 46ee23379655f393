"""Runs the Python examples in docs/testing.md with pytest. Each section runs in a separate folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs/testing.md").read_text()
BLOCK = re.compile(r"^```python\n# (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SECTIONS = {
    title: dict(BLOCK.findall(text))
    for title, text in re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    if BLOCK.search(text)
}
OPTIONS = ["-q", "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", "-W", "error"]
OPTIONS += ["-o", "asyncio_default_fixture_loop_scope=function"]


def test_every_python_block_names_its_file():
    assert PAGE.count("```python\n") == sum(len(files) for files in SECTIONS.values())
    assert set(SECTIONS) == {"FastAPI and Starlette", "Flask", "Django", "Time"}


@pytest.mark.parametrize("title", SECTIONS)
def test_the_examples_of_a_section_run(title, tmp_path):
    for name, text in SECTIONS[title].items():
        (tmp_path / name).write_text(text)
    expected = sum(text.count("def test_") for text in SECTIONS[title].values())
    variables = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=variables,
        timeout=120,
        check=False,
    )
    assert f"{expected} passed" in ran.stdout, ran.stdout + ran.stderr


def test_the_first_test_of_fastapi_has_fewer_than_ten_lines():
    text = SECTIONS["FastAPI and Starlette"]["test_service.py"]
    assert len([line for line in text.splitlines() if line.strip()]) < 10
