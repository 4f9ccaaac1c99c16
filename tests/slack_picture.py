"""The picture of the README: the bot's real blocks, drawn as Slack draws them, through a headless browser.

    python -m tests.slack_picture ANSWER.json integrations/slack/picture.png

ANSWER.json is what "advisor ask QUESTION --json" printed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from jinja2 import Environment

from advisor.models import Answer
from integrations.slack.blocks import answer_message
from integrations.slack.words import load_words
from knowledge.vocabulary import load_vocabulary

WIDTH, HEIGHT = 760, 2400
_COLOURS = 32
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>The answer in Slack</title><style>
body{font:15px/1.46 "Liberation Sans",Arial,sans-serif;margin:0;padding:20px 24px;background:#fff;color:#1d1c1d}
.line{display:flex;gap:10px;margin-bottom:14px}.face{width:36px;height:36px;border-radius:8px;flex:none;color:#fff;
font-weight:700;text-align:center;line-height:36px}.who{font-weight:700}.when{color:#616061;font-size:12px;margin-left:6px}
.app{background:#ddd;color:#444;font-size:10px;border-radius:2px;padding:1px 3px;margin-left:4px}
.block{margin:7px 0;display:flex;justify-content:space-between;gap:14px}.text{white-space:pre-line}
.header{font-size:18px;font-weight:700}.context{color:#616061;font-size:13px}
a{color:#1264a3;text-decoration:none}.row{display:flex;gap:8px;flex-wrap:wrap;margin:8px 0}
.b{border:1px solid #bbb;border-radius:4px;padding:4px 12px;font-weight:700;font-size:14px;background:#fff;
white-space:nowrap;height:fit-content}.primary{background:#007a5a;color:#fff;border-color:#007a5a}.menu{font-weight:400}
</style>
<div class="line"><div class="face" style="background:#5b6ee1">A</div><div><span class="who">Asker</span>
<span class="when">09:30</span><div>{{ question }}</div></div></div>
<div class="line"><div class="face" style="background:#1d6f5c">?</div><div><span class="who">Can I share this?</span>
<span class="app">APP</span><span class="when">09:30</span>
{% for block in blocks %}
{% if block.type == "actions" %}<div class="row">{% for e in block.elements %}{{ element(e) }}{% endfor %}</div>
{% elif block.type == "context" %}<div class="context">{{ text(block.elements[0]) }}</div>
{% else %}<div class="block"><div class="text {{ block.type }}">{{ text(block.text) }}</div>
{% if block.accessory %}{{ element(block.accessory) }}{% endif %}</div>{% endif %}
{% endfor %}</div></div></html>"""


def page(answer: Answer) -> str:
    """The page of one answer."""
    message = answer_message(
        answer, conversation="D0/1.1/U0", vocabulary=load_vocabulary(), words=load_words(), private=False
    )
    environment = Environment(autoescape=True)
    environment.globals.update(text=_text, element=_element)
    return environment.from_string(PAGE).render(question=answer.question, blocks=message.blocks)


def _text(part: dict[str, Any]) -> Any:
    """A text as Slack shows it: bold and links; all else stands as it is."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - jinja2's own

    if part["type"] == "plain_text":
        return escape(part["text"])
    bold = re.sub(
        r"\*([^*\n]+)\*", r"<b>\1</b>", re.sub(r"<(https?[^|>]+)\|([^>]+)>", r'<a href="\1">\2</a>', part["text"])
    )
    return Markup(bold)  # noqa: S704 - the blocks are escaped by the bot, which is what the picture shows


def _element(element: dict[str, Any]) -> Any:
    from markupsafe import Markup, escape  # noqa: PLC0415 - jinja2's own

    if element["type"] == "static_select":
        return Markup('<span class="b menu">%s &#9662;</span>') % escape(element["placeholder"]["text"])
    style = "primary" if element.get("style") == "primary" else ""
    return Markup('<span class="b %s">%s</span>') % (style, escape(element["text"]["text"]))


def main() -> None:
    answer = Answer.model_validate(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    target = Path(sys.argv[2]).absolute()
    browser = shutil.which("chromium") or shutil.which("google-chrome") or sys.exit("No chromium to draw with.")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "answer.html"
        source.write_text(page(answer), encoding="utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars")
        quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
        size, profile = f"--window-size={WIDTH},{HEIGHT}", f"--user-data-dir={folder}/profile"
        subprocess.run(  # noqa: S603 - a browser of this machine
            [str(browser), *flags, *quiet, size, profile, f"--screenshot={target}", source.as_uri()],
            check=True, timeout=120, capture_output=True,
        )  # fmt: skip
    _shrink(target)


def _shrink(picture: Path) -> None:
    """Cuts the white below, and keeps few colours, so that the file is small."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - comes with matplotlib; only this script needs it

    with Image.open(picture) as drawn:
        image = drawn.convert("RGB")
    box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
    bottom = min(image.height, (box[3] if box else image.height) + 20)
    image.crop((0, 0, image.width, bottom)).quantize(_COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    main()
