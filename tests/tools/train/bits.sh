# The class of bits is chosen by what the processor can do or by ATTUNE_BITS, whatever the variables
# of the libraries say; version and side files name it.
. "$HERE/../tiny.sh"
tiny_data
train() { "$BIN/attune-train" --config cell.json --pool pool.h5 --threads 1 -q "$@" > /dev/null; }
bits() { sed -n 's/.*[(,] *bits \([a-z0-9+]*\).*/\1/p'; }
own=$("$BIN/attune-train" --version | bits)
[ -n "$own" ]
train -o own.h5
"$BIN/attune-inspect" own.h5 | grep -F "$own" > /dev/null
grep -qF "bits $own" own.h5.cost.json

# Variables of libraries are not heeded, with a note.
OPENBLAS_CORETYPE=Prescott train -o prescott.h5 2> note
[ "$(wc -l < note)" = 1 ]
grep -q '^attune-train: note: OPENBLAS_CORETYPE=Prescott is not heeded; ATTUNE_BITS chooses' note
ONEDNN_MAX_CPU_ISA=SSE41 train -o sse.h5 2> note
grep -q 'ONEDNN_MAX_CPU_ISA=SSE41 is not heeded' note || [ "$own" = base ]
cmp own.h5 prescott.h5
cmp own.h5 sse.h5

# Ours is.
fails 2 'ATTUNE_BITS: want what this processor can do, base.*, have none' env ATTUNE_BITS=none \
  "$BIN/attune-train" --config cell.json --pool pool.h5 -o x.h5
[ ! -e x.h5 ]
ATTUNE_BITS=base "$BIN/attune-train" --version | bits | grep "^base" > /dev/null
ATTUNE_BITS=base train -o base.h5
"$BIN/attune-inspect" base.h5 | grep base > /dev/null
"$BIN/attune-evaluate" --model own.h5 --pool pool.h5 --episodes test.h5 -o own.tsv
ATTUNE_BITS=base "$BIN/attune-evaluate" --model own.h5 --pool pool.h5 --episodes test.h5 -o base.tsv
grep -q 'base' base.tsv
