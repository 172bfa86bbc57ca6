# --schema lists every configuration key once, seven columns, the keys of all kinds among them.
"$BIN/attune-inspect" --schema > schema.tsv
[ "$(head -1 schema.tsv)" = $'program\tkey\ttype\tdefault\tallowed\twhen\tabout' ]
[ -z "$(awk -F '\t' 'NF != 7' schema.tsv)" ]
[ -z "$(cut -f 1,2,6 schema.tsv | sort | uniq -d)" ]
grep -qP '^convert\tfractions\tlist\t.*\tkind=clinc150 or .*kind=images or kind=pairs or kind=table\b.*\t' schema.tsv
for key in train/train.steps train/learner.kind train/learner.encoder.filters \
  train/learner.encoder.widths train/learner.encoder.embedding.buckets train/learner.encoder.pooling.hops \
  train/learner.encoder.hidden train/learner.attention.score.kind train/train.optimiser.kind \
  train/augment.flip convert/kind convert/rotations convert/jitter convert/label convert/size; do
  grep -qP "^${key/\//\\t}\t" schema.tsv || { echo "missing $key"; exit 1; }
done
# What is no group has a sentence that tells what it is.
[ -z "$(awk -F '\t' 'NR > 1 && $3 != "object" && $7 == ""' schema.tsv)" ]
# It is longer than a pipe holds: 141 is how a program ends whose reader has left.
{ "$BIN/attune-inspect" --schema 2> stderr || [ $? = 141 ]; } | head -1 > /dev/null
[ ! -s stderr ]
