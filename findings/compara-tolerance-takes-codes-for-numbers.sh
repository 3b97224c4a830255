#!/usr/bin/env bash
# compara 0.6.0, a fast comparison of tables, has one --tolerance for all columns. With any value
# above 0, every cell that can be read as a number is compared as a 64-bit float, codes and
# identifiers too, and the run ends with 0, which its documentation calls "identical":
#
#   previous            current             with --tolerance 0.01     without
#   0012                12                  unchanged                 changed
#   1E5                 100000              unchanged                 changed
#   12345678901234567   12345678901234568   unchanged                 changed (another record)
#
# The last pair differs by 1, a hundred times the tolerance: floats of that size lie 2 apart. So a
# tolerance meant for the price column hides changed revenue codes, DRGs with and without zeros,
# and claim numbers of 17 digits. Name the columns with --compare, in a run for each kind.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check compara==0.6.0
printf 'line,code,price\n1,0012,10.00\n2,1E5,10.00\n3,12345678901234567,10.00\n' >previous.csv
printf 'line,code,price\n1,12,10.00\n2,100000,10.00\n3,12345678901234568,10.00\n' >current.csv
compare() { env/bin/compara compare previous.csv current.csv --key line "$@"; }
code=0
exact=$(compare) || code=$?
echo "without a tolerance: exit $code: $exact"
[[ $code -eq 1 && $exact == *"(changed 3)"* ]] || { echo "behavior changed" >&2; exit 1; }
code=0
loose=$(compare --tolerance 0.01) || code=$?
echo "with a tolerance:    exit $code: $loose"
[[ $code -eq 0 && $loose == *"(changed 0)"* ]] || { echo "behavior changed" >&2; exit 1; }
