#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""page.py FILE [TEXT...]: whether a report's page is what it promises: nothing in it but the elements and attributes that
runvetctl writes, one style whose hash the page's own policy names, no script, nothing from elsewhere. Each TEXT has to be
shown as text, letter for letter. Says what is wrong, one line each; exits 1 when there is any.
"""
import base64
import hashlib
import html.parser
import re
import sys

ALLOWED = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "http-equiv", "content", "name"}, "title": set(), "style": set(),
    "body": set(), "header": set(), "main": set(), "footer": set(), "section": {"class"}, "article": {"class"},
    "div": {"class"}, "h1": set(), "h2": set(), "h3": set(), "p": {"class"}, "small": set(), "b": set(), "br": set(),
    "span": {"class"}, "code": {"class"}, "i": {"class"}, "time": {"datetime"}, "ul": {"class"}, "ol": set(), "li": set(),
    "dl": set(), "dt": set(), "dd": {"class"}, "table": set(), "tr": set(), "th": set(), "td": {"class"},
    "svg": {"viewbox", "preserveaspectratio", "role", "aria-label", "aria-hidden"}, "g": set(),
    "rect": {"class", "x", "y", "width", "height"},
}
# What a value may be: nothing that could be chosen by a record.
VALUES = {
    "class": r"[a-z ]+", "x": r"\d+", "y": r"\d+", "width": r"[\d.]+", "height": r"\d+", "viewbox": r"0 0 \d+ \d+",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "lang": "en", "charset": "utf-8", "preserveaspectratio": "none",
    "role": "img", "aria-label": "Decisions over time", "aria-hidden": "true",
}
VOID = {"meta", "br", "rect"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.text, self.style, self.policy = [], [], "", "", None

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.faults.append("element <%s>" % tag)
            return
        for name, value in attrs:
            if name not in ALLOWED[tag]:
                self.faults.append("attribute %s of <%s>" % (name, tag))
            elif name in VALUES and not re.fullmatch(VALUES[name], value or ""):
                self.faults.append("%s=%r of <%s>" % (name, value, tag))
        if tag == "meta" and dict(attrs).get("http-equiv", "").lower() == "content-security-policy":
            self.policy = dict(attrs)["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID and tag in ALLOWED:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.faults.append("</%s> closes <%s>" % (tag, self.open[-1] if self.open else "nothing"))
        else:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data
        else:
            self.text += data

    def handle_comment(self, data):
        self.faults.append("a comment")

    def handle_pi(self, data):
        self.faults.append("a processing instruction")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        source = f.read()
    page = Page()
    page.feed(source)
    page.close()
    faults = page.faults
    if page.open:
        faults.append("not closed: %s" % page.open)
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    want = "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'" % digest
    if page.policy != want:
        faults.append("the policy is %r, not %r" % (page.policy, want))
    if "url(" in page.style or "@import" in page.style:
        faults.append("the style fetches something")
    # The policy stands before all that it holds for.
    if source.index("Content-Security-Policy") > source.index("<style"):
        faults.append("the policy comes after the style")
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", source):
        faults.append("a control or bidirectional character")
    for text in sys.argv[2:]:
        if text not in page.text:
            faults.append("not shown: %s" % text)
    for fault in faults[:20]:
        print(fault)
    return 1 if faults else 0


sys.exit(main())
