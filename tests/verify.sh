#!/usr/bin/env bash
# Compares rows made anew with the committed ones: verify.sh COMMITTED ANEW [experiment…]; both hold a
# folder rows/<experiment> with files of rows, faithfulness below it. Without names: all of ANEW.
#
# Rows of the same class of bits and the same libraries must have the same bits in every score. Others
# must lie within seed noise: the difference of a cell's two means on a test is within the 99 %
# prediction interval of one training beside another, from the spread over seeds: of the committed rows,
# where they have three seeds or more, else of COMMITTED/seed-noise.tsv (make seed-noise). What is not
# trained may differ by a tenth of its 95 % interval over the episodes. Where no spread is known, the
# two intervals over the episodes must overlap, and the line says so.
# Names each file that differs; then a line for each experiment; last the count. Exit 1 when one differs.
#
# Left out are the column `model`, a hash of weights and settings, and what rows say of how they came
# about (split and all after it, and the end line), which rows of older versions lack.
set -euo pipefail
export LC_ALL=C.UTF-8
committed=${1:?usage: verify.sh COMMITTED ANEW [experiment…]} anew=${2:?usage: verify.sh COMMITTED ANEW [experiment…]}
shift 2
noise=$committed/seed-noise.tsv
[[ -e $noise ]] || noise=/dev/null
passed=0 failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The column `bits` of a file of rows; those made before it was promised that a class has the same bits
# have none.
bits_of() {
  gzip -dc "$1" | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "bits") b = i }
    NR == 2 { bits = b ? $b : "" } END { print bits == "" ? "unknown" : bits }'
}
libraries_of() {  # MADE_WITH
  [[ -e $1 ]] || { echo unknown; return; }
  sed -E 's/(OpenBLAS [0-9.]+) [A-Za-z0-9]+/\1/; s/(oneDNN [0-9.]+) [a-z0-9_]+/\1/' "$1" |
    grep -oE '(GCC|OpenBLAS|oneDNN|FreeType) [^,)]*' | paste -sd ',' | sed 's/,/, /g'
}
scores() {
  gzip -dc "$1" | awk -F '\t' -v OFS='\t' '
    BEGIN { split("model split mode tested_on tested_pool trained_pool config bits", names, " ")
      for (i in names) left_out[names[i]] = 1 }
    /^#end / { next }
    NR == 1 { for (i = 1; i <= NF; i++) if (!($i in left_out)) kept[++count] = i }
    { line = $kept[1]; for (i = 2; i <= count; i++) line = line OFS $kept[i]; print line }'
}
# The score, in per cent of its unit: accuracy, or else the first after the episode. Mean and half-width of the
# 95 % interval over the episodes.
interval() {
  gzip -dc "$1" | awk -F '\t' '/^#end / { next }
    NR == 1 { for (i = 1; i <= NF; i++) { if ($i == "accuracy") a = i; if ($i == "episode") e = i }
      if (!a) a = e + 1; next }
    { n++; d = 100 * $a - mean; mean += d / n; squares += d * (100 * $a - mean) }
    END { printf "%.4f %.4f\n", mean, (n > 1 ? 1.96 * sqrt(squares / (n - 1) / n) : 0) }'
}
# Mean and standard deviation over seeds of each cell and test of a folder of rows, as in seed-noise.tsv:
# cell, test, seeds, mean, deviation.
spread() {
  local path name
  for path in "$1"/*.tsv.gz; do
    [[ -e $path ]] || continue
    name=$(basename "$path" .tsv.gz)
    [[ $name =~ ^(.*)-s[0-9]+\.([^.]*)$ ]] || continue
    printf '%s\t%s\t%s\n' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "$(interval "$path" | cut -d ' ' -f 1)"
  done | awk -F '\t' -v OFS='\t' '{ k = $1 OFS $2; if (!(k in n)) order[++keys] = k
      n[k]++; d = $3 - mean[k]; mean[k] += d / n[k]; squares[k] += d * ($3 - mean[k]) }
    END { for (i = 1; i <= keys; i++) { k = order[i]
      print k, n[k], sprintf("%.4f", mean[k]), sprintf("%.4f", n[k] > 1 ? sqrt(squares[k] / (n[k] - 1)) : 0) } }'
}
if [[ ${SPREAD:-} ]]; then spread "$anew/rows/$SPREAD"; exit; fi

# Half-width of the 99 % prediction interval of a difference of two trainings: Student's t, seeds - 1.
# "none" where no spread is known; from three seeds.
tolerance() {  # EXPERIMENT ROW
  local name=${2%.tsv.gz} cell test
  [[ $name =~ ^(.*)-s[0-9]+\.([^.]*)$ ]] || { echo none; return; }
  cell=${BASH_REMATCH[1]} test=${BASH_REMATCH[2]}
  awk -F '\t' -v experiment="$1" -v cell="$cell" -v test="$test" '
    BEGIN { split("63.66 9.925 5.841 4.604 4.032 3.707 3.499 3.355 3.250", t, " ") }
    NF == 5 { if ($1 == cell && $2 == test && $3 >= 3 && !n) { n = $3; sd = $5 } next }
    $1 == experiment && $2 == cell && $3 == test && $4 >= 3 && !n { n = $4; sd = $6 }
    END { if (!n) print "none"; else printf "%.4f\n", (n <= 10 ? t[n - 1] : 3.0) * sqrt(2) * sd }' \
    "$work/spread" "$noise"
}

compare() {  # EXPERIMENT
  local name=$1 old=$committed/rows/$1 new=$anew/rows/$1 files=0 same=0 near=0 overlap=0 bad=0
  local top=${1%%/*} path row have want wide mean half new_mean new_half verdict
  [[ $name == "$top" || -d $old ]] || return 0
  compgen -G "$old/*.tsv.gz" > /dev/null || { printf '%-28s no committed rows\n' "$name"; return 0; }
  have=$(libraries_of "$anew/rows/$top/made-with.txt")
  want=$(libraries_of "$committed/rows/$top/made-with.txt")
  spread "$old" > "$work/spread"
  local classes="" old_bits new_bits
  for path in "$old"/*.tsv.gz "$new"/*.tsv.gz; do
    [[ -e $path ]] || continue
    row=$(basename "$path")
    if [[ ! -e $old/$row || ! -e $new/$row ]]; then
      bad=$((bad + 1))
      echo "DIFFERS $name/$row: only in $(dirname "$path")"
      continue
    fi
    [[ $path == "$old"/* ]] || continue  # seen
    files=$((files + 1))
    if cmp -s <(scores "$old/$row") <(scores "$new/$row"); then
      same=$((same + 1))
      continue
    fi
    old_bits=$(bits_of "$old/$row") new_bits=$(bits_of "$new/$row")
    classes="$new_bits, committed $old_bits"
    read -r mean half < <(interval "$old/$row")
    read -r new_mean new_half < <(interval "$new/$row")
    wide=$(tolerance "$name" "$row")
    verdict=$(awk -v d="$(awk "BEGIN { print $new_mean - $mean }")" -v wide="$wide" -v half="$half" \
      -v both="$(awk "BEGIN { print $half + $new_half }")" 'BEGIN { if (d < 0) d = -d
        if (wide == "none") print d <= both ? "overlap" : "bad"
        else print d <= (wide > half / 10 ? wide : half / 10) ? "near" : "bad" }')
    if [[ $have == "$want" && $old_bits == "$new_bits" && $old_bits != unknown ]]; then verdict=bad; fi
    case $verdict in
      near) near=$((near + 1)) ;;
      overlap) overlap=$((overlap + 1)) ;;
      *)
        bad=$((bad + 1))
        echo "DIFFERS $name/$row: $new_mean ± $new_half, committed $mean ± $half, seed noise $wide, bits $classes" ;;
    esac
  done
  passed=$((passed + same + near + overlap)) failed=$((failed + bad))
  verdict="same bits"
  if ((overlap > 0)); then verdict="intervals overlap"; fi
  if ((near > 0 && overlap == 0)); then verdict="within seed noise"; fi
  if ((bad > 0)); then verdict="differs"; fi
  printf '%-28s %-18s %d of %d files the same bits' "$name" "$verdict" "$same" "$files"
  if ((near)); then printf ', %d within seed noise' "$near"; fi
  if ((overlap)); then printf ', %d whose intervals over episodes overlap (no spread over seeds is known)' "$overlap"; fi
  if ((bad)); then printf ', %d differ' "$bad"; fi
  if [[ -n $classes ]]; then printf ' (bits: %s)' "$classes"; fi
  if [[ $have != "$want" ]]; then printf ' (made with %s, committed with %s)' "$have" "$want"; fi
  echo
}

names=("$@")
if ((${#names[@]} == 0)); then
  for folder in "$anew"/rows/*/; do [[ -d $folder ]] && names+=("$(basename "$folder")"); done
fi
for name in "${names[@]}"; do
  compare "$name"
  if [[ -d $anew/rows/$name/faithfulness ]]; then compare "$name/faithfulness"; fi
done
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
