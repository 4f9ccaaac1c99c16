"""Looks at tokens, scopes, channels and blocks, and says what would go wrong before anybody asks."""

from __future__ import annotations

from collections.abc import Iterator

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from advisor.errors import SettingsError
from advisor.settings import Profile, Settings
from integrations.slack import limits
from integrations.slack.forms import Forms
from integrations.slack.manifest import SCOPES
from integrations.slack.outgoing import SECONDS
from integrations.slack.words import load_words
from knowledge.models import FrozenModel
from knowledge.vocabulary import Vocabulary


class SlackCheck(FrozenModel):
    """One thing looked at."""

    what: str
    ok: bool
    says: str
    mend: str = ""


def checks(settings: Settings, profile: Profile, *, vocabulary: Vocabulary) -> Iterator[SlackCheck]:
    """Every check; those that need a token are left out when Slack does not take it."""
    yield _blocks(vocabulary)
    yield _queues(profile)
    client = _client(settings)
    token, scopes = _token(client)
    yield token
    yield _way_in(settings)
    if token.ok:
        yield _scopes(scopes)
        for channel in sorted(_channels(profile)):
            yield _channel(client, channel)


def _client(settings: Settings) -> WebClient:
    if settings.slack_bot_token is None:
        raise SettingsError(
            "ADVISOR_SLACK_BOT_TOKEN is not set. Set it to the app's bot token, which begins with xoxb-."
        )
    token = settings.slack_bot_token.get_secret_value()
    return WebClient(token=token, base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[])


def _blocks(vocabulary: Vocabulary) -> SlackCheck:
    forms = Forms(load_words(), vocabulary)
    views = [forms.ask(metadata={}), forms.correct(metadata={}, situation=None), forms.decision("decide", metadata={})]
    faults = [fault for view in views for fault in limits.view_faults(view)]
    return SlackCheck(
        what="blocks",
        ok=not faults,
        says="; ".join(faults[:3]) or "forms keep to Slack's limits",
        mend="Shorten the labels that are named, in integrations/slack/words.yaml or the vocabulary.",
    )


def _queues(profile: Profile) -> SlackCheck:
    queues = profile.slack.queues
    return SlackCheck(
        what="queues",
        ok=bool(queues),
        says=f"{len(queues)} roles have a channel",
        mend="Add [[slack.queues]] with role and channel to the profile, or cases are seen on the command line alone.",
    )


def _token(client: WebClient) -> tuple[SlackCheck, frozenset[str]]:
    try:
        response = client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", "unknown"))
        mend = "Install the app in the workspace and set ADVISOR_SLACK_BOT_TOKEN to its bot token."
        return SlackCheck(what="token", ok=False, says=code, mend=mend), frozenset()
    except OSError as error:
        mend = "Check ADVISOR_SLACK_API_URL and the way to it."
        return SlackCheck(what="token", ok=False, says=type(error).__name__, mend=mend), frozenset()
    listed = next((value for name, value in response.headers.items() if name.lower() == "x-oauth-scopes"), "")
    scopes = frozenset(scope.strip() for scope in str(listed).split(",") if scope.strip())
    return SlackCheck(what="token", ok=True, says=f"workspace {response['team_id']}"), scopes


def _way_in(settings: Settings) -> SlackCheck:
    if settings.slack_mode == "http":
        return SlackCheck(
            what="way in",
            ok=settings.slack_signing_secret is not None,
            says="signed HTTP requests",
            mend="Set ADVISOR_SLACK_SIGNING_SECRET from the app's Basic Information page.",
        )
    if settings.slack_app_token is None:
        mend = "Set ADVISOR_SLACK_APP_TOKEN to an app-level token with connections:write."
        return SlackCheck(what="way in", ok=False, says="Socket Mode without a token", mend=mend)
    token = settings.slack_app_token.get_secret_value()
    client = WebClient(token=token, base_url=settings.slack_api_url, timeout=SECONDS, retry_handlers=[])
    try:
        client.apps_connections_open(app_token=token)
    except (SlackApiError, OSError) as error:
        code = error.response.get("error", "unknown") if isinstance(error, SlackApiError) else type(error).__name__
        mend = "Make a new app-level token with connections:write, and switch Socket Mode on."
        return SlackCheck(what="way in", ok=False, says=str(code), mend=mend)
    return SlackCheck(what="way in", ok=True, says="Socket Mode")


def _scopes(found: frozenset[str]) -> SlackCheck:
    missing, more = set(SCOPES) - found, found - set(SCOPES)
    says = "as the manifest asks"
    if missing or more:
        says = "; ".join(
            f"{what}: {', '.join(sorted(names))}"
            for what, names in (("missing", missing), ("not needed", more))
            if names
        )
    mend = 'Paste the manifest of "advisor slack manifest" and install the app again.'
    return SlackCheck(what="scopes", ok=not missing, says=says, mend=mend)


def _channels(profile: Profile) -> set[str]:
    return {queue.channel for queue in profile.slack.queues} | {channel.id for channel in profile.slack.channels}


def _channel(client: WebClient, name: str) -> SlackCheck:
    what, mend = f"channel {name}", "Invite the app to the channel, or take it out of the profile."
    try:
        channel = client.conversations_info(channel=name)["channel"]
    except SlackApiError as error:
        return SlackCheck(what=what, ok=False, says=str(error.response.get("error", "unknown")), mend=mend)
    except OSError as error:
        return SlackCheck(what=what, ok=False, says=type(error).__name__, mend="Try again later.")
    if channel.get("is_archived"):
        return SlackCheck(what=what, ok=False, says="archived", mend=mend)
    if channel.get("is_ext_shared"):
        mend = "Use a channel that is not shared with another organisation, or set slack.external in the profile."
        return SlackCheck(what=what, ok=False, says="shared with another organisation", mend=mend)
    is_in = bool(channel.get("is_member"))
    return SlackCheck(what=what, ok=is_in, says=f"the app is {'' if is_in else 'not '}in it", mend=mend)
