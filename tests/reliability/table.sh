#!/usr/bin/env bash
# table.sh FOLDER TABLE: writes what `make reliability` and `make fuzz` noted in FOLDER (checks.tsv,
# fuzz.tsv) as a table, when both were run in full; says what is missing otherwise, and leaves the
# table as it is.
set -euo pipefail
folder=${1:?usage: table.sh FOLDER TABLE} table=${2:?usage: table.sh FOLDER TABLE}
here=$(cd "$(dirname "$0")" && pwd)
lacks() { echo "$table left as it is: $*"; exit 0; }
[[ -e $folder/checks.tsv ]] || lacks "make reliability has not been run in full"
[[ -e $folder/fuzz.tsv ]] || lacks "make fuzz has not been run"
scripts=$(find "$here" -name '*.sh' | grep -cvE '/(run|common|calls|table)\.sh$')
(($(wc -l < "$folder/checks.tsv") == scripts)) || lacks "not every script of make reliability was run"
(($(wc -l < "$folder/fuzz.tsv") == $(find "$here/../fuzz" -name '*.cpp' ! -name '*_test.cpp' | wc -l))) ||
  lacks "not every parser was fuzzed"
enough=1200  # seconds, for parsers too slow to reach their executions
while IFS=$'\t' read -r name runs goal _ _ took; do
  ((${runs:-0} >= goal || ${took:-0} >= enough)) ||
    lacks "fuzz/$name has made ${runs:-0} of $goal executions in ${took:-0} s; make fuzz SECONDS=$enough"
done < "$folder/fuzz.tsv"

{
  echo '# Reliability'
  echo
  echo 'Made by `make reliability fuzz SECONDS=1200`: every script of tests/reliability in full, and every'
  echo 'parser of ours fed random input under AddressSanitizer and UBSan, 10 million times or for 20 minutes.'
  echo
  echo '| check | passed | failed | seconds | counts |'
  echo '| :--- | ---: | ---: | ---: | :--- |'
  awk -F '\t' '{ printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5; p += $2; f += $3; s += $4 }
    END { printf "| all | %d | %d | %d | |\n", p, f, s }' "$folder/checks.tsv"
  echo
  echo '| parser | executions | seconds | edges | crashes, leaks, hangs |'
  echo '| :--- | ---: | ---: | ---: | ---: |'
  awk -F '\t' '{ printf "| %s | %s | %s | %s | %d |\n", $1, $2, $6, $4, $5 != 0 }' "$folder/fuzz.tsv"
  echo
  echo "- Sources: commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo 'not known')."
  echo "- Machine: $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) cores."
  echo "- $("${BIN:?}/attune-train" --version)"
} > "$folder/table.md"
mv "$folder/table.md" "$table"
echo "$table"
