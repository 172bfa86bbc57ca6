# What `make verify` says of rows with the same bits, of rows made elsewhere, and of others.
rows() {  # FILE MODEL SHIFT: 400 episodes
  mkdir -p "$(dirname "$1")"
  awk -v model="$2" -v shift="$3" 'BEGIN { print "cell\tmodel\tepisode\taccuracy"; s = 1
    for (i = 0; i < 400; i++) { s = (s * 16807) % 2147483647
      printf "a\t%s\t%d\t%.4f\n", model, i, 0.4 + shift + 0.2 * s / 2147483647 } }' | gzip -n > "$1"
}
here='attune-evaluate 0.1.0 (GCC 12.2.0, OpenBLAS 0.3.21 SkylakeX, OpenSSL 3.0.22, oneDNN 2.6.3)'
rows old/toy/a.tsv.gz m1 0
rows old/toy/b.tsv.gz m1 0
echo "$here" > old/toy/made-with.txt
verify() { "$HERE/../../verify.sh" old new > out.txt; }

# The same scores by a model of another name, made with another OpenSSL.
rows new/toy/a.tsv.gz m2 0
rows new/toy/b.tsv.gz m2 0
echo "${here/3.0.22/3.0.99}" > new/toy/made-with.txt
verify
grep -qx 'toy: of 2 files of rows 2 have the same bits, 0 more overlapping intervals' out.txt
[[ $(tail -1 out.txt) == '2 passed, 0 failed' ]]

# Rows that say how they came about, beside the same scores of an older version, which do not.
told() {  # FILE BITS: adds the columns and the end line
  gzip -dc "$1" | sed "1s/\$/\tsplit\tmode\ttested_on\ttested_pool\ttrained_pool\tconfig\tbits/
    2,\$s/\$/\ttest\tinductive\tp\taaaaaaaaaaaaaaaa\taaaaaaaaaaaaaaaa\taaaaaaaaaaaaaaaa\t$2/" > told.tsv
  echo "#end rows=400 sha256=$(sha256sum < told.tsv | cut -d ' ' -f 1)" >> told.tsv
  gzip -n < told.tsv > "$1"
}
told new/toy/a.tsv.gz avx2
verify
grep -qx 'toy: of 2 files of rows 2 have the same bits, 0 more overlapping intervals' out.txt
told old/toy/a.tsv.gz avx512
verify
rows old/toy/a.tsv.gz m1 0

# Slightly other scores: wrong on the same class of CPU, right on another one.
rows new/toy/b.tsv.gz m2 0.001
if verify; then exit 1; fi
grep -q '^DIFFERS toy/b.tsv.gz: 50\..* ± 0\.5.*, committed 50\.' out.txt
[[ $(tail -1 out.txt) == '1 passed, 1 failed' ]]
echo "${here/SkylakeX/Haswell}" > new/toy/made-with.txt
verify
grep -q 'toy/b.tsv.gz: .*intervals overlap' out.txt
grep -q 'OpenBLAS 0.3.21 Haswell.*committed with .*OpenBLAS 0.3.21 SkylakeX.*overlapping intervals' out.txt
# Who made the committed ones is not known: intervals.
rm old/toy/made-with.txt
verify

# Quite other scores, missing rows and no rows are wrong everywhere.
rows new/toy/b.tsv.gz m2 0.02
if verify; then exit 1; fi
grep -q '^DIFFERS toy/b' out.txt
rm new/toy/b.tsv.gz
if verify; then exit 1; fi
grep -q '^DIFFERS toy/b.tsv.gz: only in old' out.txt
rows new/toy/b.tsv.gz m2 0

# Faithfulness is compared too.
rows old/toy/faithfulness/a.tsv.gz m1 0
rows new/toy/faithfulness/a.tsv.gz m2 0
verify
grep -qx 'toy/faithfulness: of 1 files of rows 1 have the same bits, 0 more overlapping intervals' out.txt
rows new/toy/faithfulness/a.tsv.gz m2 0.02
if verify; then exit 1; fi
grep -q '^DIFFERS toy/faithfulness/a.tsv.gz' out.txt
rm -r new/toy/faithfulness old/toy/faithfulness

rm new/toy/*.gz old/toy/*.gz
if verify; then exit 1; fi

# Of other tasks the first score counts: it must overlap too.
for side in old new; do rows $side/toy/a.tsv.gz m1 0; done
echo "$here" > old/toy/made-with.txt
rewards() { gzip -dc "$1" | sed '1s/accuracy/reward/' | gzip -n > t.gz; mv t.gz "$1"; }
rows new/toy/a.tsv.gz m2 0.001
rewards old/toy/a.tsv.gz
rewards new/toy/a.tsv.gz
verify
grep -q 'toy/a.tsv.gz: .*intervals overlap' out.txt
rows new/toy/a.tsv.gz m2 0.02
rewards new/toy/a.tsv.gz
if verify; then exit 1; fi
grep -q '^DIFFERS toy/a' out.txt
