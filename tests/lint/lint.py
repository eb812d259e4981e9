"""What `make lint` checks: format, tflint, checkov, and that each suppression has its reason beside it and is needed.

    lint.py CHECKOUT TFLINT CHECKOV
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

# Files that checkov's parser cannot read (path => why). One that it can read by now fails too.
UNPARSED: dict[str, str] = {}

# A suppression and its reason, in a line.
CHECKOV_SKIP = re.compile(r"checkov:skip=(?P<check>CKV2?_[A-Z]+_[0-9]+):\s*(?P<reason>.*)")
TFLINT_IGNORE = re.compile(r"tflint-ignore(?:-file)?: *[a-z_, ]*[a-z_] *(?:# *(?P<reason>.*))?$")
SHORTEST_REASON = 12


def suppressions(file: str, text: str) -> tuple[set[tuple[str, str]], list[str]]:
    """The (file, check) pairs that checkov is told to skip in this file, and what is wrong with its suppressions."""
    skipped, found = set(), []
    for number, line in enumerate(text.splitlines(), 1):
        for mark, pattern in (("checkov:skip", CHECKOV_SKIP), ("tflint-ignore", TFLINT_IGNORE)):
            if mark not in line:
                continue
            match = pattern.search(line)
            if not match or len((match["reason"] or "").strip()) < SHORTEST_REASON:
                found.append(f"{file}:{number}: {mark} without its reason on the line")
            elif mark == "checkov:skip":
                skipped.add((file, match["check"]))
    return skipped, found


def judge(report: dict, skips: set[tuple[str, str]], directories: list[str]) -> list[str]:
    """What is wrong in checkov's report (JSON), given the suppressions and the directories that make resources."""
    results = report.get("results")
    if not results:
        return ["checkov found no Terraform"]
    found = [
        f"{check['file_path'].lstrip('/')}:{check['file_line_range'][0]}: {check['check_id']} {check['resource']}: {check['check_name']}"
        for check in results["failed_checks"]
    ]
    unparsed = {name.lstrip("/") for name in results["parsing_errors"]}
    found += [f"{name}: checkov cannot parse it, so that nothing in it is checked" for name in sorted(unparsed - UNPARSED.keys())]
    found += [f"{name}: checkov can parse it: take it out of UNPARSED in tests/lint/lint.py" for name in sorted(UNPARSED.keys() - unparsed)]
    checked = {check["file_path"].lstrip("/") for kind in ("passed_checks", "skipped_checks") for check in results[kind]}
    found += [
        f"{directory}: checkov checked nothing in it" for directory in directories if not any(name.startswith(f"{directory}/") for name in checked)
    ]
    used = {(check["file_path"].lstrip("/"), check["check_id"]) for check in results["skipped_checks"]}
    found += [f"{file}: checkov:skip={check} skips nothing (any more): take it out" for file, check in sorted(skips - used)]
    return found


def run_checkov(checkout: Path, checkov: str) -> dict:
    command = [checkov, "-d", ".", "--framework", "terraform", "--skip-download", "-o", "json"]
    for path in ("/tests/", "/target/", "/.local/", "/.terraform/"):
        command += ["--skip-path", path]
    environment = os.environ | {"LOG_LEVEL": "CRITICAL", "PYTHONWARNINGS": "ignore"}
    ran = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    try:
        report = json.loads(ran.stdout)
    except json.JSONDecodeError:
        sys.exit(f"checkov failed with exit status {ran.returncode}:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    if isinstance(report, list):
        report = next((part for part in report if part.get("check_type") == "terraform"), {})
    errors = report.get("results", {}).get("parsing_errors", [])
    if errors:
        report["results"]["parsing_errors"] = [os.path.relpath(name, checkout) if os.path.isabs(name) else name for name in errors]
    return report


def main(checkout: Path, tflint: str, checkov: str) -> int:
    found = []
    unformatted = subprocess.run(
        ["terraform", "fmt", "-check", "-recursive", "-no-color"], cwd=checkout, capture_output=True, text=True)
    found += [f"{line}: run terraform fmt -recursive" for line in (unformatted.stdout + unformatted.stderr).splitlines() if line.strip()]

    roots = [checkout, *sorted((checkout / "modules").iterdir()), *sorted((checkout / "examples").iterdir())]
    for root in roots:
        linted = subprocess.run(
            [tflint, f"--chdir={root}", f"--config={checkout / '.tflint.hcl'}", "--format=compact", "--no-color"], capture_output=True, text=True)
        if linted.returncode != 0:
            name = root.relative_to(checkout).as_posix()
            issues = [line for line in (linted.stdout + linted.stderr).splitlines() if line.strip() and not line.endswith("issue(s) found:")]
            found += [f"{name}/{issue}" for issue in issues or [f"tflint failed with exit status {linted.returncode}"]]

    skips, directories = set(), []
    for root in roots:
        texts = {path.relative_to(checkout).as_posix(): path.read_text() for path in sorted(root.glob("*.tf"))}
        for name, text in texts.items():
            of_file, without_reason = suppressions(name, text)
            skips |= of_file
            found += without_reason
        if root != checkout and any(re.search(r'^resource "', text, re.MULTILINE) for text in texts.values()):
            directories.append(root.relative_to(checkout).as_posix())
    report = run_checkov(checkout, checkov)
    found += judge(report, skips, directories)

    for line in found:
        print(line, file=sys.stderr)
    summary = report.get("summary", {})
    print(
        f"lint: {len(roots)} configurations; checkov: {summary.get('passed', 0)} passed, {summary.get('failed', 0)} failed, "
        f"{summary.get('skipped', 0)} skipped by {len(skips)} suppressions with a reason; {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3]))
