# Pairs of sentences made by ICU: the same bytes whatever the locale, and settings that are refused.
. "$HERE/../tiny.sh"
convert=("$BIN/attune-convert" --reader numbers)
"${convert[@]}" -o numbers.h5 > line.txt
cut -f 1-3 line.txt | grep -qP '^numbers.h5\t75\t7500$'
LC_ALL=C LANG=de_DE.UTF-8 "${convert[@]}" -o again.h5 > /dev/null
cmp numbers.h5 again.h5
"$BIN/attune-inspect" numbers.h5 | grep -q 'most_alike_across_splits.*"likeness": *"0\.2'
"${convert[@]}" --set source=digits --set rules=ordinal --set largest=19 -o ordinals.h5 > /dev/null
fails 2 'largest' "${convert[@]}" --set largest=5 -o new.h5
fails 2 'sauce' "${convert[@]}" --set sauce=digits -o new.h5
fails 2 'english|digits' "${convert[@]}" --set source=french -o new.h5
fails 2 'want no --input' "${convert[@]}" --input x.csv -o new.h5
[ ! -e new.h5 ]
