"""The commands by name, one file a command group, and the exit code of each way in which one can end."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import click

from advisor.errors import AdvisorError, AnswerNotKept, CaseError, SettingsError, place_of
from integrations.cli.lazy import LazyGroup
from knowledge.errors import CurationRefused, KnowledgeError

COMMANDS = {
    "ask": "integrations.cli.ask:ask",
    "chat": "integrations.cli.chat:chat",
    "show": "integrations.cli.kept:show",
    "feedback": "integrations.cli.kept:feedback",
    "cases": "integrations.cli.cases:cases",
    "learn": "integrations.cli.learn:learn",
    "documents": "integrations.cli.documents:documents",
    "kb": "integrations.cli.kb:kb",
    "eval": "integrations.cli.evaluation:evaluation",
    "slack": "integrations.cli.slack:slack",
    "pause": "integrations.cli.pausing:pause",
    "resume": "integrations.cli.pausing:resume",
    "doctor": "integrations.cli.doctor:doctor",
}
STOPPED = "Stopped. Nothing already stored was lost."


@click.group(cls=LazyGroup, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("can-i-share"), prog_name="advisor")
def cli() -> None:
    """Can I share this? Guidance in checked quotes, and who decides. Never a verdict."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and gives its exit code; a fault is one clear line, never a traceback."""
    try:
        status = cli.main(arguments, prog_name="advisor", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return _told(STOPPED, 130)
    except click.ClickException as error:
        error.show()
        return 2
    except (SettingsError, AnswerNotKept, CaseError, CurationRefused) as error:
        return _told(f"Error: {error}", 2)
    except (AdvisorError, KnowledgeError) as error:
        return _told(f"Error: {error}", 4)
    except OSError as error:
        return _told(f"Error: {error}. Check the disk and who may write there.", 4)
    except SystemExit:  # click's way when whoever reads the output, such as "head", has heard enough
        return 0
    except Exception as error:
        return _told(f"Error: something went wrong inside the advisor: {place_of(error)}. Report this line.", 4)
    return status if isinstance(status, int) else 0


def _told(message: str, status: int) -> int:
    click.echo(message, err=True)
    return status
