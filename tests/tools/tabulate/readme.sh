# Every score with an interval that README.md prints stands in a committed table.
root=$HERE/../../..
found=0
while read -r number; do
  grep -qF -- "$number" "$root"/results/tables/*.md || { echo "README.md: $number is in no table"; exit 1; }
  found=$((found + 1))
done < <(grep -oE '[0-9]+\.[0-9]+ ± [0-9]+\.[0-9]+' "$root/README.md" | sort -u)
[ "$found" -gt 0 ]
