#!/usr/bin/env python3
"""explain.py KJIT: the pages of `kjit explain`: the wrong example of each gives its code at the marked line, the right one gives none.

lang-spec's own test runs the same examples. Exit status: 0 all right, 1 a difference.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Bytes and depth that no page shows; an exception is known when it runs.
WITHOUT_EXAMPLE = {"invalid-utf8": b"x = '\xff'\n", "too-deep": b"x = " + b"(" * 500 + b"1" + b")" * 500 + b"\n"}
RUNS = {"script-error"}
failed = 0


def expect(same, what):
    global failed
    if not same:
        failed += 1
        print(what)


def main():
    kjit = sys.argv[1]

    def run(*arguments):
        return subprocess.run([kjit, *map(str, arguments)], capture_output=True, text=True, timeout=60)

    pages = sorted((ROOT / "lang-spec/findings").glob("*.md"))
    listing = run("explain").stdout.splitlines()
    expect([line.split()[0] for line in listing] == [p.stem for p in pages], f"kjit explain lists {listing}")
    with tempfile.TemporaryDirectory() as folder:
        wrong, right = {}, []
        for page in pages:
            text = page.read_text()
            expect(run("explain", page.stem).stdout == text, f"kjit explain {page.stem}")
            expect(text.startswith(f"# {page.stem}\n\n") and "\n## Right\n" in text, f"{page.name}: no title, or no right example")
            blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
            path = pathlib.Path(folder) / f"{page.stem}.py"
            if page.stem in WITHOUT_EXAMPLE:
                path.write_bytes(WITHOUT_EXAMPLE[page.stem])
                wrong[page.stem] = (path, None)
                continue
            expect(len(blocks) == 2, f"{page.name}: {len(blocks)} examples")
            path.write_text(blocks[0])
            marked = [n for n, line in enumerate(blocks[0].splitlines(), 1) if re.search(r"# (error|warning): ", line)]
            wrong[page.stem] = (path, marked)
            right.append(path.with_name(f"right-{page.stem}.py"))
            right[-1].write_text(blocks[1])
        found = json.loads(run("check", "--json", *(path for path, _ in wrong.values())).stdout)
        for code, (path, marked) in wrong.items():
            here = [f for f in found if f["file"] == str(path)]
            if code not in RUNS:
                expect(here and all(f["code"] == code for f in here), f"{code}: {here}")
                expect(marked is None or [f["line"] for f in here] == marked, f"{code}: {here}")
        done = run("check", *right)
        expect(done.returncode == 0 and ": error:" not in done.stderr and ": warning:" not in done.stderr, f"right examples: {done.stderr}")
    expect(run("explain", "[bad_index]").stdout.startswith("# bad-index\n"), "a code as messages show it")
    done = run("explain", "undefined-nam")
    expect(done.returncode == 2 and "did you mean 'undefined-name'?" in done.stderr, f"{done.returncode}: {done.stderr}")
    expect(run("explain", "race", "more").returncode == 2, "one argument too many")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
