"""What the repository checks share: the tree's files, and how a finding is shown."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def files(*suffixes):
    """Files that git tracks or would track, relative to the root, by ending."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True).stdout
    names = sorted({name for name in listing.split("\0") if name and (ROOT / name).is_file()})
    return [name for name in names if not suffixes or name.endswith(suffixes)]


def finish(findings, good):
    """Prints the findings, one a line, and ends the program: status 1 when there are any."""
    for finding in findings:
        print(finding)
    if findings:
        sys.exit(1)
    print(good)
