#!/usr/bin/env bash
# Compares rows made anew with the committed ones: verify.sh COMMITTED ANEW, both with a folder per
# experiment as results/rows has; the experiments of ANEW are compared, faithfulness too. On the
# class of CPU and the libraries that made the committed ones (made-with.txt) every score must have
# the same bits; elsewhere the 95 % intervals must overlap. The column `model` is left out: that hash covers the
# versions of all libraries. So is what rows say of how they came about (split and all after it, and the end
# line), which rows of older versions lack. Says which; last line: the count; exit 1 when one differs.
set -euo pipefail
committed=${1:?usage: verify.sh COMMITTED ANEW} anew=${2:?usage: verify.sh COMMITTED ANEW}
passed=0 failed=0

# What decides the last bits.
class_of() {
  [[ -e $1/made-with.txt ]] || { echo unknown; return; }
  grep -oE '(GCC|OpenBLAS|oneDNN|FreeType) [^,)]*' "$1/made-with.txt" | paste -sd ',' | sed 's/,/, /g'
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
    END { printf "%.3f %.3f\n", mean, (n > 1 ? 1.96 * sqrt(squares / (n - 1) / n) : 0) }'
}

for folder in "$anew"/*/ "$anew"/*/faithfulness/; do
  [[ -d $folder ]] || continue
  name=${folder#"$anew"/}
  name=${name%/}
  old=$committed/$name same=0 overlap=0 files=0
  have=$(class_of "$anew/${name%%/*}") want=$(class_of "$committed/${name%%/*}")
  for path in "$old"/*.tsv.gz "$folder"/*.tsv.gz; do
    [[ -e $path ]] || continue
    row=$(basename "$path")
    if [[ ! -e $old/$row || ! -e $folder/$row ]]; then
      failed=$((failed + 1))
      echo "DIFFERS $name/$row: only in $(dirname "$path")"
      continue
    fi
    [[ $path == "$old"/* ]] || continue  # seen
    files=$((files + 1))
    read -r mean half < <(interval "$old/$row")
    read -r new_mean new_half < <(interval "$folder/$row")
    if cmp -s <(scores "$old/$row") <(scores "$folder/$row"); then
      same=$((same + 1)) passed=$((passed + 1))
    elif [[ $have != "$want" ]] &&
      awk "BEGIN { d = $mean - $new_mean; exit !(d * d <= ($half + $new_half) ^ 2) }"; then
      overlap=$((overlap + 1)) passed=$((passed + 1))
      echo "$name/$row: $new_mean ± $new_half, committed $mean ± $half: intervals overlap"
    else
      failed=$((failed + 1))
      echo "DIFFERS $name/$row: $new_mean ± $new_half, committed $mean ± $half"
    fi
  done
  if [[ $have == "$want" ]]; then
    echo "$name: same class of CPU and libraries ($have): wanted the same bits"
  else
    echo "$name: made with $have, committed with $want: wanted overlapping intervals"
  fi
  echo "$name: of $files files of rows $same have the same bits, $overlap more overlapping intervals"
done
echo "$passed passed, $failed failed"
((passed > 0 && failed == 0))
