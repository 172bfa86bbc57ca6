# What tests/verify.sh says of rows with the same bits, of rows made elsewhere, and of others.
rows() {  # FILE MODEL SHIFT [BITS]: EPISODES=400
  mkdir -p "$(dirname "$1")"
  awk -v model="$2" -v shift="$3" -v bits="${4:-}" -v episodes="${EPISODES:-400}" 'BEGIN {
    print "cell\tmodel\tepisode\taccuracy" (bits ? "\tsplit\tmode\ttested_on\ttested_pool\ttrained_pool\tconfig\tbits" : "")
    s = 1
    for (i = 0; i < episodes; i++) { s = (s * 16807) % 2147483647
      printf "a\t%s\t%d\t%.4f%s\n", model, i, 0.4 + shift + 0.2 * s / 2147483647,
        (bits ? "\ttest\tinductive\tp\ta\ta\ta\t" bits : "") }
    if (bits) print "#end rows=400 sha256=0" }' | gzip -n > "$1"
}
here='attune-evaluate 0.1.0 (GCC 12.2.0, OpenBLAS 0.3.21 SkylakeX, OpenSSL 3.0.22, bits avx512, oneDNN 2.6.3)'
verify() { "$HERE/../../verify.sh" old new "$@" > out.txt; }
says() { grep -qF -- "$1" out.txt || { cat out.txt; return 1; }; }
made() { mkdir -p "$1/rows/toy" && echo "$2" > "$1/rows/toy/made-with.txt"; }
made old "$here"

# The same scores by a model of another name, made with another OpenSSL, on another class, or of older rows.
rows old/rows/toy/a-s0.t.tsv.gz m1 0 avx512
rows old/rows/toy/b-s0.t.tsv.gz m1 0
rows new/rows/toy/a-s0.t.tsv.gz m2 0 avx2
rows new/rows/toy/b-s0.t.tsv.gz m2 0 avx2
made new "${here/3.0.22/3.0.99}"
verify
says 'toy                          same bits          2 of 2 files the same bits'
[[ $(tail -1 out.txt) == '2 passed, 0 failed' ]]

# Slightly other scores: wrong in the same class with the same libraries.
rows new/rows/toy/a-s0.t.tsv.gz m2 0.001 avx512
if verify; then exit 1; fi
says 'DIFFERS toy/a-s0.t.tsv.gz: 50.'
says 'toy                          differs            1 of 2 files the same bits, 1 differ (bits: avx512, committed avx512)'
[[ $(tail -1 out.txt) == '1 passed, 1 failed' ]]

# In another class, or with other libraries: what is known of the seeds decides.
rows new/rows/toy/a-s0.t.tsv.gz m2 0.001 avx2
verify
says 'intervals overlap  1 of 2 files the same bits, 1 whose intervals over episodes overlap (no spread over seeds is known)'
printf 'experiment\tcell\ttest\tseeds\tmean\tdeviation\n' > old/seed-noise.tsv
printf 'toy\ta\tt\t4\t50\t0.0100\n' >> old/seed-noise.tsv  # 0.083 points; the difference is 0.1
printf 'toy\tb\tt\t4\t50\t9\n' >> old/seed-noise.tsv
if verify; then exit 1; fi
says 'seed noise 0.0826'
sed -i 's/0.0100/0.0150/' old/seed-noise.tsv
verify
says 'toy                          within seed noise  1 of 2 files the same bits, 1 within seed noise (bits: avx2, committed avx512)'
rows new/rows/toy/a-s0.t.tsv.gz m2 0.001 avx512
made new "${here/oneDNN 2.6.3/oneDNN 3.0.0}"
verify
says '(made with GCC 12.2.0, OpenBLAS 0.3.21, oneDNN 3.0.0, committed with GCC 12.2.0, OpenBLAS 0.3.21, oneDNN 2.6.3)'

# What is not trained has no spread: a tenth of the interval over the episodes.
printf 'toy\ta\tt\t4\t50\t0\n' > old/seed-noise.tsv
rows new/rows/toy/a-s0.t.tsv.gz m2 0.0004 avx512
verify
rows new/rows/toy/a-s0.t.tsv.gz m2 0.001 avx512
if verify; then exit 1; fi
rows new/rows/toy/a-s0.t.tsv.gz m1 0 avx512
rm old/seed-noise.tsv

# Three committed seeds tell the spread themselves.
for seed in 1 2; do
  rows old/rows/toy/b-s$seed.t.tsv.gz m1 0.01$seed avx512
  rows new/rows/toy/b-s$seed.t.tsv.gz m1 0.01$seed avx512
done
rows new/rows/toy/b-s1.t.tsv.gz m1 0.03 avx512
verify
says '3 of 4 files the same bits, 1 within seed noise'
rows new/rows/toy/b-s1.t.tsv.gz m1 0.3 avx512
if verify; then exit 1; fi
rm -f {old,new}/rows/toy/b-s[12]*

# Missing rows and no rows are wrong everywhere.
rm new/rows/toy/b-s0.t.tsv.gz
if verify; then exit 1; fi
says 'DIFFERS toy/b-s0.t.tsv.gz: only in old'
rows new/rows/toy/b-s0.t.tsv.gz m2 0

# Faithfulness is compared too, and of many experiments those that are named.
rows old/rows/toy/faithfulness/a-s0.t.tsv.gz m1 0
rows new/rows/toy/faithfulness/a-s0.t.tsv.gz m2 0 avx2
verify
says 'toy/faithfulness             same bits'
rows new/rows/toy/faithfulness/a-s0.t.tsv.gz m2 0.02 avx2
if verify; then exit 1; fi
says 'DIFFERS toy/faithfulness/a-s0.t.tsv.gz'
rm -r {old,new}/rows/toy/faithfulness
rows new/rows/other/a-s0.t.tsv.gz m1 0 avx2
verify toy
if grep -q other out.txt; then exit 1; fi
verify
says 'other                        no committed rows'

# Of other tasks the first score counts.
rewards() { gzip -dc "$1" | sed '1s/accuracy/reward/' | gzip -n > t.gz; mv t.gz "$1"; }
rows new/rows/toy/a-s0.t.tsv.gz m2 0.001 avx2
rewards old/rows/toy/a-s0.t.tsv.gz
rewards new/rows/toy/a-s0.t.tsv.gz
verify toy
says 'intervals overlap'
rows new/rows/toy/a-s0.t.tsv.gz m2 0.02 avx2
rewards new/rows/toy/a-s0.t.tsv.gz
if verify toy; then exit 1; fi

# The spread over seeds, as make seed-noise writes it.
for seed in 0 1 2; do rows seeds/rows/toy-seeds/a-s$seed.t.tsv.gz m1 0.0$seed avx2; done
SPREAD=toy-seeds "$HERE/../../verify.sh" old seeds > out.txt
awk -F '\t' '$1 == "a" && $2 == "t" && $3 == 3 && $5 == "1.0000"' out.txt | grep -q .

rm new/rows/toy/*.gz old/rows/toy/*.gz
if verify toy; then exit 1; fi

# Rows that no pipe holds at once.
for folder in old new; do EPISODES=20000 rows $folder/rows/toy/a-s0.t.tsv.gz $folder "0.00$([ $folder = old ] || echo 1)" $([ $folder = old ] || echo avx2); done
verify
says 'bits: avx2, committed unknown'
