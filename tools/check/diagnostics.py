#!/usr/bin/env python3
"""Every diagnostic has a test, a kernel file that expects [its-name] or a unit test that names it, and a page in lang-spec/findings."""

import re

import common

ROW = re.compile(r"^DIAG\((\w+),", re.MULTILINE)


def main():
    names = ROW.findall((common.ROOT / "compiler/source/diagnostics.def").read_text())
    text = "\n".join((common.ROOT / f).read_text() for f in common.files(".py", ".cpp", ".h", ".md")
                     if f.startswith(("tests/", "lang-spec/")))
    # A unit test writes the enumerator, qualified; a kernel file writes what is printed.
    tested = {m.replace("-", "_") for m in re.findall(r"\[([a-z0-9-]+)\]", text)} | set(re.findall(r"Diag::(\w+)", text))
    used = "\n".join((common.ROOT / f).read_text() for f in common.files(".cpp", ".h") if f.startswith("compiler/"))
    emitted = set(re.findall(r"Diag::(\w+)", used))
    findings = [f"{name}: no test expects [{name.replace('_', '-')}]" for name in names if name not in tested]
    findings += [f"{name}: nothing emits it" for name in names if name not in emitted]
    findings += [f"{name}: declared twice" for name in sorted({n for n in names if names.count(n) > 1})]
    pages = {f.rpartition("/")[2].removesuffix(".md").replace("-", "_") for f in common.files(".md") if f.startswith("lang-spec/findings/")}
    findings += [f"{name}: no page lang-spec/findings/{name.replace('_', '-')}.md" for name in names if name not in pages]
    findings += [f"lang-spec/findings: '{page}' is no diagnostic" for page in sorted(pages - set(names))]
    if not names:
        findings.append("no diagnostic is declared")
    common.finish(findings, f"{len(names)} diagnostics, each with a test and a page")


if __name__ == "__main__":
    main()
