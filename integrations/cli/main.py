"""The ``advisor`` command: one file a command group, imported when it is used."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import version

import click

from advisor.errors import AdvisorError, AnswerNotKept, SettingsError, place_of
from knowledge.errors import KnowledgeError

COMMANDS = {
    "ask": "integrations.cli.ask",
    "chat": "integrations.cli.chat",
    "show": "integrations.cli.kept",
    "feedback": "integrations.cli.kept",
    "kb": "integrations.cli.kb",
    "doctor": "integrations.cli.doctor",
}


class _Lazy(click.Group):
    """Commands by name, each module imported only when its command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("can-i-share"), prog_name="advisor")
def cli() -> None:
    """Can I share this? Guidance in checked quotes, and who decides. Never a verdict."""


def main() -> None:
    """Runs the command; a fault is one clear line and the documented exit code, never a traceback."""
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        _stop("Stopped. Nothing already stored was lost.", 130)
    except KeyboardInterrupt:
        _stop("Stopped. Nothing already stored was lost.", 130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (SettingsError, AnswerNotKept) as error:
        _stop(f"Error: {error}", 2)
    except (AdvisorError, KnowledgeError) as error:
        _stop(f"Error: {error}", 4)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _stop(f"Error: {error}. Check the disk and who may write there.", 4)
    except Exception as error:
        _stop(f"Error: something went wrong inside the advisor: {place_of(error)}. Report it with this line.", 4)
    sys.exit(status if isinstance(status, int) else 0)


def _stop(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)
