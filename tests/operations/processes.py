"""Starts programs, sends requests to them, and runs the command `sealwire`."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PYTHON = sys.executable
SEALWIRE = Path(PYTHON).with_name("sealwire")  # the installed command


class Program:
    """A process that writes its output to a file."""

    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.log = log
        self._log = log.open("ab")
        own = {name: value for name, value in os.environ.items() if not name.startswith("HMAC_")}
        # A new session, so that `stop` can also kill the child processes.
        self.process = subprocess.Popen(
            [str(part) for part in command],
            env=own | environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )

    def signal(self, number: int) -> None:
        """Sends a signal to the process, but not to its child processes."""
        self.process.send_signal(number)

    def stop(self) -> None:
        """Terminates the process. Kills the process if it does not exit within ten seconds."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self._log.close()

    def said(self) -> str:
        """Returns the output of the process so far."""
        return self.log.read_text(errors="replace")


def page(url: str) -> str:
    """Returns the body of a response to a GET request."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def sealwire(*arguments: object, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command `sealwire`."""
    result = subprocess.run(
        [SEALWIRE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | environment,
    )
    assert not check or result.returncode == 0, result.stdout + result.stderr
    return result


def sealwire_json(*arguments: object, **environment: str) -> object:
    """Runs the command `sealwire` with `--json` and returns the parsed output."""
    return json.loads(sealwire(*arguments, "--json", check=False, **environment).stdout)
