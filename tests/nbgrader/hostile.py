"""What a student could write to act in the browser of whoever looks: texts, outputs, marks of cells.

Each calls ``caught`` with its name, or asks an address that nothing of ours asks: a browser test listens
for both.
"""

from __future__ import annotations

import base64
from typing import Any

from nbformat.v4 import new_output

ELSEWHERE = "http://elsewhere.example"


def js(name: str) -> str:
    return f"window.top.caught('{name.replace(' ', '-')}')"


TEXTS = {
    "script": f"<script>{js('script')}</script>",
    "onerror": f'<img src="x" onerror="{js("onerror")}">',
    "onerror without quotes": "<img src=x onerror=window.top.caught(1)>",
    "link": f"[mark](javascript:{js('link')})",
    "link with an entity": f"[mark](java&#115;cript:{js('link with an entity')})",
    "link with a tab": f'<a href="java&#9;script:{js("link with a tab")}">mark</a>',
    "reference": f"[mark][1]\n\n[1]: javascript:{js('reference')}",
    "automatic link": f"<javascript:{js('automatic link')}>",
    "data link": "[mark](data:text/html;base64,AAAA)",
    "iframe": f'<iframe src="javascript:{js("iframe")}"></iframe>',
    "srcdoc": f'<iframe srcdoc="<script>{js("srcdoc")}</script>"></iframe>',
    "svg": f'<svg onload="{js("svg")}"></svg>',
    "svg script": f"<svg><script>{js('svg script')}</script></svg>",
    "object": f'<object data="javascript:{js("object")}"></object>',
    "details": f'<details open ontoggle="{js("details")}">mark</details>',
    "body": f'<body onload="{js("body")}">',
    "focus": f'<input autofocus onfocus="{js("focus")}">',
    "video": f'<video><source onerror="{js("video")}"></video>',
    "multiline": f"<div\nonclick={js('multiline')}>mark</div>",
    "mermaid": f'```mermaid\n<img src=x onerror="{js("mermaid")}">\n```',
    "noscript": f'<noscript><p title="</noscript><img src=x onerror={js("noscript")}>"></noscript>',
    "comment": "<!-- mark",
    "refresh": f'<meta http-equiv="refresh" content="0;url={ELSEWHERE}/refresh">',
    "base": f'<base href="{ELSEWHERE}/">',
    "form": f'<form action="{ELSEWHERE}/form"><button>mark</button></form>',
    "style sheet": f'<link rel="stylesheet" href="{ELSEWHERE}/style">',
    "style": f"<style>@import '{ELSEWHERE}/import';</style>",
    "position": '<b style="position:fixed">mark</b>',
    "beacon": f"![mark]({ELSEWHERE}/seen.png)",
    "beacon without scheme": "![mark](//elsewhere.example/seen.png)",
    "logout": "![mark](/logout)",
    "link to logout": "[mark](/logout)",
    "folder above": "![mark](../../files/x.png)",
    "folder above, encoded": "![mark](..%2f..%2fx.png)",
    "formula with a link": f"$\\href{{javascript:{js('formula with a link')}}}{{mark}}$",
    "formula with a token": f'$\\mmlToken{{mi}}[href="javascript:{js("formula with a token")}"]{{mark}}$',
    "formula with a font": f"$\\unicode[url({ELSEWHERE}/font)]{{65}}$",
    "formula with a class": "$\\class{full-credit}{mark}$",
    "formula with an id": "$\\cssId{double_checks}{mark}$",
    "formula with a style": "$\\style{position:fixed}{mark}$",
    "id of a box": '<b id="double_checks">mark</b>',
    "class of a button": '<a class="full-credit">mark</a>',
    "class of the page": '<span class="highlight navbar-fixed-top">mark</span>',
    "box of its own": '<div class="nbgrader_cell"><input class="score"></div>',
    "heading of the page": "# statusmessage",
    "missing attachment": "![mark](attachment:missing.png)",
    "long": "x" * 60_000,
}
HARMLESS = [
    "# A title\n\n**bold**, `x < y` and $a<b$\n\n> a quotation",
    "```python\nclass A: pass  # List<int>\n```",
    "a | b\n--|--\n1 | 2",
    "x<sub>2</sub><br>next",
    "[a page](https://example.org) and <https://example.org>",
    "\\begin{align}a<b\\end{align}",
    "1. one\n2. two",
    "![a picture](my%20plots/loss.png) and [a file](notes.txt)",
    "[further up](#A-title)",
    "a < b",
    '![a" onerror="alert(1)](x.png "t\\" onerror=\\"alert(1)")',
]


def outputs() -> list[Any]:
    """Outputs as a student can write them into the file of a notebook."""

    def shown(**data: Any) -> Any:
        return new_output(
            "display_data", data={kind.replace("__", "/"): value for kind, value in data.items()}
        )

    return [
        shown(text__html=f'<script>{js("html")}</script><img src=x onerror="{js("html picture")}">'),
        shown(application__javascript=js("javascript")),
        new_output("display_data", data={"image/svg+xml": f'<svg onload="{js("svg output")}"/>'}),
        shown(text__markdown=f"<script>{js('markdown')}</script>"),
        shown(text__latex=f"$\\href{{javascript:{js('latex')}}}{{mark}}$"),
        shown(image__png=f'"><script>{js("png")}</script>'),
        new_output("stream", name="stdout", text=f"</pre><script>{js('stream')}</script>"),
        new_output("error", ename=f"<script>{js('error')}</script>", evalue="", traceback=["<b>mark</b>"]),
        new_output(
            "display_data",
            data={
                "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{js('widget')}"}
            },
        ),
    ]


def attachments() -> dict[str, dict[str, str]]:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{js('attachment')}\"/>"
    return {"a.svg": {"image/svg+xml": base64.b64encode(svg.encode()).decode()}}
