#!/usr/bin/env bash
# compara 0.6.0 compares the columns that both tables have. Where they have none beside the key, it
# prints "changed 0" and ends with 0, which its documentation calls "identical", without a word on
# standard error; only the JSON summary shows that "compared" is empty. Tables whose value column
# carries the year in its name are of that kind, as Medicare's price files are each January
# (fee_2026, fee_2027): every price may change, and the nightly job stays green.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check compara==0.6.0
printf 'code,fee_2026\nA1,10\nB2,20\n' >previous.csv
printf 'code,fee_2027\nA1,11\nB2,22\n' >current.csv
code=0
told=$(env/bin/compara compare previous.csv current.csv --key code --json summary.json 2>warnings) || code=$?
echo "exit $code: $told"
cat warnings
compared=$(python3 -c 'import json; print(json.load(open("summary.json"))["meta"]["compared"])')
echo "columns compared: $compared"
[[ $code -eq 0 && $told == *"matched 2 (changed 0)"* && $compared == "[]" && ! -s warnings ]] ||
  { echo "behavior changed" >&2; exit 1; }
