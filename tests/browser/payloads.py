"""Text that runs a script where a page lets it through: families and single odd ones.

No payload holds a tab or a line end, which would end a descriptor, or a blank at either end, which
is padding; `BROKEN` are such, for the values of a table.
"""

from itertools import product

from tests.browser.families import ENTITIES, ESCAPES, RUN, families

_ELEMENTS = (
    "<script>RUN</script>",
    "<ScRiPt >RUN</sCrIpT >",
    "<script/x>RUN</script/x>",
    "<script>RUN//",
    "<scr<script>ipt>RUN</scr</script>ipt>",
    "<<script>RUN//<</script>",
    '<script src="data:text/javascript,RUN"></script>',
    "<script src=http://127.0.0.1:9/x.js></script>",
    "<img src=x onerror=RUN>",
    "<img src=http://127.0.0.1:9/x.png onerror='RUN'>",
    "<img/src/onerror=RUN>",
    "<img src=x onerror=RUN//",
    '<img """><script>RUN</script>">',
    "<svg onload=RUN>",
    "<svg/onload=RUN>",
    "<svg><script>RUN</script></svg>",
    "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "<svg><style><img src=x onerror=RUN></style></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=RUN>">',
    "<body onload=RUN>",
    "<iframe srcdoc='<script>parent.RUN</script>'></iframe>",
    '<iframe src="javascript:parent.RUN"></iframe>',
    '<object data="data:text/html,<script>parent.RUN</script>"></object>',
    '<embed src="javascript:RUN">',
    "<details open ontoggle=RUN>",
    "<input autofocus onfocus=RUN>",
    "<video><source onerror=RUN></video>",
    "<audio src=x onerror=RUN></audio>",
    "<marquee onstart=RUN>marquee</marquee>",
    "<x tabindex=1 autofocus onfocus=RUN>x</x>",
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/refresh">',
    '<base href="http://127.0.0.1:9/">',
    '<link rel=stylesheet href="http://127.0.0.1:9/x.css">',
    '<form action="javascript:RUN"><button autofocus>go</button></form>',
    "<template><img src=x onerror=RUN></template><img src=x onerror=RUN>",
    '<noscript><p title="</noscript><img src=x onerror=RUN>"></noscript>',
)
_WAYS_OUT = (
    "</style><script>RUN</script>",
    "</title><script>RUN</script>",
    "</textarea><script>RUN</script>",
    "</script><script>RUN</script>",
    "</td></tr></table><script>RUN</script>",
    "--><script>RUN</script><!--",
    "]]><script>RUN</script><![CDATA[",
    "</code></p></article></main></body></html><script>RUN</script>",
)
_ATTRIBUTES = (
    '"><script>RUN</script>',
    "'><script>RUN</script>",
    '" autofocus tabindex=1 onfocus="RUN',
    "' autofocus tabindex=1 onfocus='RUN",
    "x autofocus tabindex=1 onfocus=RUN",
    '" style="animation:x" onanimationstart="RUN',
    "javascript:RUN",
    "JaVaScRiPt:RUN",
    "java&#x73;cript:RUN",
    "data:text/html,<script>parent.RUN</script>",
    "vbscript:RUN",
)
_STYLES = (
    "} body { background: url(http://127.0.0.1:9/css) } x {",
    '@import "http://127.0.0.1:9/import.css";',
    "*/ } html { display: none } /*",
    "x:expression(RUN)",
)
_ENTITIES = (
    "&lt;script&gt;RUN&lt;/script&gt;",
    "&#60;script&#62;RUN&#60;/script&#62;",
    "&#x3C;img src=x onerror=RUN&#x3E;",
    "&lt&quot&amp&nbsp &notit; &copy 5&#37; &#0; &#128; &#xD800;",
    "%3Cscript%3ERUN%3C/script%3E",
    "\\x3cscript\\x3eRUN\\x3c/script\\x3e",
    "\\u003cscript\\u003eRUN\\u003c/script\\u003e",
)
_UNICODE = (
    "\uff1cscript\uff1eRUN\uff1c/script\uff1e",
    "\u2039script\u203aRUN\u2039/script\u203a",
    "<\u200bscript>RUN</\u200bscript>",
    "\u202e<script>RUN</script>\u202c",
    "\u2066<img src=x onerror=RUN>\u2069",
    "<img\u00a0src=x onerror=RUN>",
    "<img\u3000src=x onerror=RUN>",
    "\ufdd0<svg onload=RUN>\ufdd0",
    "a\u0301\u0301\u0301<svg onload=RUN>\U0001f4a3\U000e0041",
    "+ADw-script+AD4-RUN+ADw-/script+AD4-",
    "\u00bcscript\u00beRUN\u00bc/script\u00be",
    "<\u017fcript>RUN</\u017fcript>",
)
_MUTATED = (
    "<svg></p><style><a id='</style><img src=x onerror=RUN>'>",
    "<noscript><style></noscript><img src=x onerror=RUN></style>",
    "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=RUN>",
    '<math><annotation-xml encoding="text/html"><style><img src=x onerror=RUN></style>',
    "<svg><foreignObject><p><style><!--</style><img src=x onerror=RUN>-->",
    "<table><td><select><script>RUN</script></select></td></table>",
    "<div id=x><template shadowrootmode=open><img src=x onerror=RUN></template></div>",
    "<plaintext><script>RUN</script>",
    "<frameset onload=RUN>",
    "<dialog open><button autofocus onfocus=RUN>x</button></dialog>",
    "<button popovertarget=x autofocus onfocus=RUN>x</button><p popover id=x>x</p>",
    "<p oncontentvisibilityautostatechange=RUN style=content-visibility:auto>x</p>",
    """<svg><use href="data:image/svg+xml,<svg id='x'><image href=1 onerror=RUN /></svg>#x" />""",
)
_TEMPLATING = (
    "{{ 7 * 7 }} {% raw %} {# gone #} {{ previous }}", "${RUN} #{RUN} <%= RUN %> <?php RUN ?>",
    "';RUN//\";RUN//`;RUN//",
    "{{7*7}}", "{{ ''.__class__.__mro__ }}", "{{ self.__init__.__globals__ }}", "{{ config }}",
    "{% for one in lists %}{{ one }}{% endfor %}", "{% include 'report.css' %}", "{%- raw -%}",
    "{{ '<script>RUN</script>' | safe }}", "{% autoescape false %}<svg onload=RUN>",
    "{{ '%s' % 7 }} %s %(code)s {0} {code} $code ${code}", "<%= 7 * 7 %>", "#{7*7}", "[[7*7]]",
    "${`${RUN}`}", "{{constructor.constructor('RUN')()}}", "{{=<% %>=}}", "*{7*7}", "@(7*7)",
)  # fmt: skip
_SINGLE = (
    _ELEMENTS + _WAYS_OUT + _ATTRIBUTES + _STYLES + _ENTITIES + _UNICODE + _MUTATED + _TEMPLATING
)
TEMPLATES = tuple(dict.fromkeys((*_SINGLE, *families())))
_BREAKS = ("\t", "\n", "\r", "\r\n", "\f", " ")
_BROKEN = (
    "<img{0}src=x{0}onerror=RUN>",
    "<svg{0}onload{0}={0}RUN>",
    "java{0}script:RUN",
    "</script{0}><script{0}>RUN</script>",
    "{0}<script>RUN</script>{0}",
    "//{0}RUN//",
    '"{0}autofocus{0}tabindex=1{0}onfocus=RUN',
)


def payload(number: int, template: str) -> str:
    """Give one payload; its script sets `window.__xss` and opens a dialog that says the number."""
    script = f"alert(window.__xss={number})"
    references = "".join(f"&#{ord(letter)};" for letter in script)
    spelt = {ENTITIES: references, ESCAPES: script.replace("a", "\\u0061", 1), RUN: script}
    for word, text in spelt.items():
        template = template.replace(word, text)
    return template


PAYLOADS = tuple(payload(number, one) for number, one in enumerate(TEMPLATES, 1))
BROKEN = tuple(
    payload(number, template.format(between))
    for number, (template, between) in enumerate(product(_BROKEN, _BREAKS), 5001)
)
