#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a manual page's scdoc source out of what is there anyway: a Markdown file of docs/, or the help of runvetctl.

    page.py markdown NAME SECTION DESCRIPTION FILE [SEE-ALSO...]
    page.py help RUNVETCTL FILE [SEE-ALSO...]

So a page cannot say another thing than the file it comes from. Of Markdown it knows what docs/ uses: headings, paragraphs,
lists, blocks indented by four, tables, `code`, **bold**, links. A table becomes one only where it fits a terminal; else each row is
a term and what is said of it.
"""
import re
import subprocess
import sys

WIDTH = 70
PAGES = {
    "audit.md": "runvet-audit(7)",
    "policy.md": "runvet-policy(5)",
    "profiles.md": "runvet-profiles(7)",
    "rules.md": "runvet-rules(7)",
    "runtimes.d.md": "runvet-runtimes.d(5)",
}


def escape(text):
    return re.sub(r"([\\*_`\[\]|:~#.])" if text[:1] in "|:.[]#-" else r"([\\*_`~])", r"\\\1", text)


def inline(text):
    """Markdown's spans as scdoc's; links leave their words, and the target where that is an address."""
    out = []
    pattern = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)]*)\)|(\*)([^*\s][^*]*)\*")
    last = 0
    for m in pattern.finditer(text):
        out.append(escape(text[last : m.start()]))
        if m.group(1):
            out.append("*" + escape(m.group(1).replace("\\|", "|")) + "*")
        elif m.group(2):
            out.append("*" + escape(re.sub(r"[`*]", "", m.group(2))) + "*")
        elif m.group(3):
            page = PAGES.get(m.group(4).split("#")[0].removeprefix("../"))
            words = plain(m.group(3))
            if page and words.endswith(".md"):
                out.append("*%s*(%s)" % tuple(page.rstrip(")").split("(")))
            else:
                out.append(inline(m.group(3)))
            if m.group(4).startswith("http"):
                out.append(" (" + escape(m.group(4)) + ")")
        else:
            out.append("_" + escape(m.group(6)) + "_")
        last = m.end()
    out.append(escape(text[last:]))
    return "".join(out).replace("<br>", " ").replace("\\\\|", "|")


def plain(text):
    return re.sub(r"[`*\\]|\[|\]\([^)]*\)", "", text)


def cells(line):
    parts = re.split(r"(?<!\\)\|", line.strip().strip("|"))
    return [p.strip().replace("\\|", "|") for p in parts]


def table(lines):
    rows = [cells(line) for line in lines]
    head, body = rows[0], rows[2:]
    # What renders without cells: a term, and below it each further cell with the name of its column.
    widths = [max(len(plain(r[i])) for r in [head] + body if i < len(r)) for i in range(len(head))]
    # A word that takes half of a line cannot be broken where a column is narrower.
    word = max(len(w) for r in [head] + body for cell in r for w in plain(cell).split() or [""])
    out = []
    if sum(widths) + 3 * len(widths) <= WIDTH and word <= WIDTH // 2:
        for n, row in enumerate([head] + body):
            for i in range(len(head)):
                cell = inline(row[i]) if i < len(row) and row[i] else "-"
                cell = "*" + re.sub(r"\*", "", cell) + "*" if n == 0 and cell != "-" else cell
                mark = ("[" if n == 0 else "|") if i == 0 else ":"
                out.append(mark + ("[" if n == 0 else " ") + " " + (cell if n or head[i] else "\\ "))
        return out + [""]
    for row in body:
        term, rest = row[0], row[1:]
        if not term and rest:
            term, rest = rest[0], [""] + rest[1:]
        marked = inline(term)
        out.append(marked if marked.startswith("*") else "*" + marked.replace("*", "") + "*")
        out.append("")
        said = []
        for name, cell in zip(head[1:], rest):
            if cell:
                said.append(("" if len(head) <= 2 or not name else inline(name) + ": ") + inline(cell))
        # scdoc takes what follows a line break for the same paragraph, however it is indented.
        out += ["\t" + "++\n".join(said), ""]
    return out


def markdown(lines):
    out, i = [], 0
    while i < len(lines):
        line = lines[i]
        if line.startswith("<!--"):
            while "-->" not in lines[i]:
                i += 1
        elif line.startswith("# "):
            pass
        elif re.match(r"#{2,}", line):
            level, text = re.match(r"(#+)\s+(.*)", line).groups()
            text = re.sub(r"<a[^>]*>|</a>", "", text)
            if len(level) == 2:
                out += ["", "# " + plain(text).upper(), ""]
            elif len(level) == 3:
                out += ["", "## " + plain(text), ""]
            else:
                out += ["", "*" + escape(plain(text)) + "*", ""]
        elif line.startswith("```") or line.startswith("    "):
            fenced = line.startswith("```")
            i += fenced
            block = []
            while i < len(lines) and not (lines[i].startswith("```") if fenced else lines[i].strip() and not lines[i].startswith("    ")):
                block.append(lines[i] if fenced else lines[i][4:])
                i += 1
            while block and not block[-1].strip():
                block.pop()
            out += ["", "```"] + [b.replace("\\", "\\\\").replace("```", "\\```").expandtabs() for b in block] + ["```", ""]
            i -= not fenced
        elif line.startswith("|") and i + 1 < len(lines) and re.match(r"\|[\s:|-]+\|$", lines[i + 1].strip()):
            rows = []
            while i < len(lines) and lines[i].startswith("|"):
                rows.append(lines[i])
                i += 1
            i -= 1
            out += [""] + table(rows)
        elif re.match(r"\s*[-*] ", line):
            indent, text = re.match(r"(\s*)[-*] (.*)", line).groups()
            while i + 1 < len(lines) and lines[i + 1].startswith(indent + "  ") and not re.match(r"\s*[-*] ", lines[i + 1]):
                i += 1
                text += " " + lines[i].strip()
            out.append("\t" * (len(indent) // 2) + "- " + inline(text))
        elif line.strip():
            text = line.strip()
            while i + 1 < len(lines) and lines[i + 1].strip() and not re.match(r"(\s*[-*] |#|\||```|    |<!--)", lines[i + 1]):
                i += 1
                text += " " + lines[i].strip()
            out += [inline(re.sub(r"^(\d+)\. ", r"\1) ", text)), ""]
        else:
            out.append("")
        i += 1
    return out


def squeeze(lines):
    """One empty line where there are several, none at the beginning: scdoc wants one around headings, and none twice."""
    out = []
    for line in lines:
        if line.strip() or (out and out[-1].strip()):
            out.append(line.rstrip() if line.strip() else "")
    return out


def foot(see):
    return ["", "# SEE ALSO", "", ", ".join("*%s*(%s)" % (escape(s.split("(")[0]), s.split("(")[1].rstrip(")")) for s in see), ""]


def write(name, section, description, body, see):
    body = squeeze(body)
    head = ["%s(%s)" % (name, section), "", "# NAME", "", "%s - %s" % (escape(name), description), ""]
    if not body or not body[0].startswith("# "):
        head += ["# DESCRIPTION", ""]
    print("\n".join(squeeze(head + body + foot(see))))


def verbs_of(text):
    """The verbs that a help lists: indented by two, a name, a summary."""
    return re.findall(r"^  ([a-z][a-z-]*)  +\S", text.split("\n\n", 1)[-1], re.M)


def literal(text):
    return ["```"] + [line.replace("\\", "\\\\") for line in text.rstrip("\n").split("\n")] + ["```", ""]


def help_page(program, path, see):
    def ask(*words):
        return subprocess.run([program, *words, "--help"], check=True, capture_output=True, text=True).stdout

    whole = ask()
    with open(path, encoding="utf-8") as f:
        body = markdown(f.read().split("\n"))
    body += ["", "# VERBS", ""]
    for verb in verbs_of(whole):
        body += ["", "## runvetctl " + verb, ""] + literal(ask(verb))
    write("runvetctl", "1", "the operator's command of runvet", body, see)


def main():
    if len(sys.argv) >= 4 and sys.argv[1] == "help":
        help_page(sys.argv[2], sys.argv[3], sys.argv[4:])
    elif len(sys.argv) >= 6 and sys.argv[1] == "markdown":
        with open(sys.argv[5], encoding="utf-8") as f:
            body = markdown(f.read().split("\n"))
        write(sys.argv[2], sys.argv[3], sys.argv[4], body, sys.argv[6:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
