"""Sixty cells of people who mean no good, and as many harmless ones of the same shape."""

_MARKUP = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>", "<b>bold</b>", "<style>*{display:none}</style>",
    "<link rel=stylesheet href=//e>",
    "<meta http-equiv=refresh content=0;url=//e>", "<base href=//e>", "<form action=//e><input name=x>", "</form>",
    "</main></body></html>", "<!-- ", "-->", "<![CDATA[", "<textarea>", "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>", "</select></td></tr></table><b>", "<body onload=alert(1)>", "<x hx-get=/new>",
    "<template><b>", "<noscript><b>", "<object data=//e>", "<embed src=//e>", "<video><source onerror=alert(1)>",
    "<details open ontoggle=alert(1)>", "<math><mtext></mtext></math>", "<input autofocus onfocus=alert(1)>",
]  # fmt: skip
_ATTRIBUTES = [
    '" onmouseover="alert(1)', "' onmouseover='alert(1)", '"><script>alert(1)</script>', "x onclick=alert(1)",
    '" style="color:red', '" hx-post="/new', '" href="javascript:alert(1)', "` onload=`alert(1)",
]  # fmt: skip
_ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//evil.example/x",
]
_FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", '=HYPERLINK("http://e";"x")', "=cmd|'/c calc'!A1"]
_TEMPLATES = ["{{ 7*7 }}", "{% raw %}", "${7*7}", "&lt;script&gt;", "&#60;b&#62;", "%3Cscript%3E"]
_HIDDEN = ["\x1b[31mred", "\x1b]0;title\x07", "\u202eevil", "\u2066x\u2069", "a\x00b", "\u200bzero"]

HOSTILE = [*_MARKUP, *_ATTRIBUTES, *_ADDRESSES, *_FORMULAS, *_TEMPLATES, *_HIDDEN]
HARMLESS = [f"word {number}" for number in range(len(HOSTILE))]
