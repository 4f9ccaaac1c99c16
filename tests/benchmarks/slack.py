"""How fast the Slack bot acknowledges and answers, and what memory it takes: one process against a loopback Slack.

    python -m tests.benchmarks.slack acks          50 events at once, several times: how long each waited
    python -m tests.benchmarks.slack answers       how many questions a second are answered
    python -m tests.benchmarks.slack memory        what the process holds while it answers 10,000 questions

The bot is ``advisor slack run`` as installed, over the real documents, with Socket Mode and the store on disk; the home
folder given must hold an index ("advisor kb index"). The loopback Slack runs in this process, on the same cores.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from tests.end_to_end.conftest import start
from tests.slack_payloads import direct_message
from tests.slack_server import APP_TOKEN, BOT_TOKEN, Delivered, SlackServer

QUESTIONS = (
    "The police have rung asking where one of our tenants lives. Can I tell them?",
    "A school wants to know why one of our families moved. Can I tell them?",
    "A GP asks for our notes on a patient who said no to sharing. What should I settle first?",
    "I am worried about a child but the parent said no. Can I tell social care?",
    "A mental health team asks whether a tenant is behind with the rent. Can we say?",
)


@contextmanager
def bot(home: Path, slack: SlackServer, *, workers: int) -> Iterator[subprocess.Popen[str]]:
    """The bot in a process of its own, with a store of its own and the index of ``home``."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder)
        for name in ("index", "models"):
            (own / name).symlink_to(home / name)
        environment = {
            "ADVISOR_HOME": str(own),
            "ADVISOR_SLACK_BOT_TOKEN": BOT_TOKEN,
            "ADVISOR_SLACK_APP_TOKEN": APP_TOKEN,
            "ADVISOR_SLACK_API_URL": slack.url,
            "ADVISOR_SLACK_PORT": "0",
            "ADVISOR_SLACK_WORKERS": str(workers),
            "ADVISOR_SLACK_USER_LIMIT": "1000000",
        }
        process = start("slack", "run", environment=environment)
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("Ready."))
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)  # noqa: S607 - everywhere
        slack.wait_connected()
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)
            drain.kill()
            drain.wait()


def ask(slack: SlackServer, number: int) -> Delivered:
    user = f"U0ASKER{number % 50:02}"
    return slack.deliver(direct_message(QUESTIONS[number % len(QUESTIONS)], user=user))


def acks(home: Path, *, workers: int, rounds: int, at_once: int = 50) -> None:
    """Bursts of events: how long each waited for its acknowledgement."""
    seconds: list[float] = []
    with SlackServer() as slack, bot(home, slack, workers=workers):
        for turn in range(rounds):
            burst = [ask(slack, turn * at_once + number) for number in range(at_once)]
            for delivered in burst:
                assert delivered.done.wait(10), "never acknowledged"
            seconds += [delivered.seconds for delivered in burst]
            slack.wait_for("chat.postMessage", count=(turn + 1) * at_once, seconds=60)
    seconds.sort()
    p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))]
    print(f"{len(seconds)} events, {at_once} at once: median {median(seconds) * 1000:.0f} ms, ", end="")
    print(f"99th percentile {p99 * 1000:.0f} ms, slowest {seconds[-1] * 1000:.0f} ms")


def answers(home: Path, *, workers: int, count: int) -> None:
    """A queue that is never empty: how many are answered a second."""
    with SlackServer() as slack, bot(home, slack, workers=workers) as process:
        _ask_all(slack, 100, before=0)
        began, busy = time.monotonic(), _processor(process.pid)
        _ask_all(slack, count, before=100)
        took, busy = time.monotonic() - began, _processor(process.pid) - busy
    print(f"{count} answers in {took:.1f} s: {count / took:.1f} a second; ", end="")
    print(f"{busy / count * 1000:.0f} ms of processor time each")


def memory(home: Path, *, workers: int, count: int) -> None:
    """Resident memory after each tenth of the questions."""
    with SlackServer() as slack, bot(home, slack, workers=workers) as process:
        tenth = max(1, count // 10)
        _ask_all(slack, 100, before=0)
        print(f"after 100: {_resident(process.pid):.0f} MB")
        asked = 100
        for _ in range(10):
            slack.calls = [call for call in slack.calls if call.method == "none"]
            _ask_all(slack, tenth, before=0)
            asked += tenth
            print(f"after {asked}: {_resident(process.pid):.0f} MB", flush=True)


def _ask_all(slack: SlackServer, count: int, *, before: int, ahead: int = 50) -> None:
    """Asks so many, never more than ``ahead`` of them unanswered."""
    for number in range(count):
        while number - (len(slack.of("chat.postMessage")) - before) >= ahead:
            time.sleep(0.005)
        ask(slack, number)
    slack.wait_for("chat.postMessage", count=before + count, seconds=120)


def _resident(process: int) -> float:
    """Megabytes."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _processor(process: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("what", choices=("acks", "answers", "memory"))
    parser.add_argument("--home", type=Path, default=Path(os.environ.get("ADVISOR_HOME", ".")))
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--count", type=int, default=0, help="events, answers or questions; each has a default")
    given = parser.parse_args()
    if not (given.home / "index").exists():
        sys.exit(f'No index in {given.home}. Name a home with --home, and run "advisor kb index" there.')
    if given.what == "acks":
        acks(given.home, workers=given.workers, rounds=max(1, (given.count or 500) // 50))
    elif given.what == "answers":
        answers(given.home, workers=given.workers, count=given.count or 1000)
    else:
        memory(given.home, workers=given.workers, count=given.count or 10_000)


if __name__ == "__main__":
    main()
