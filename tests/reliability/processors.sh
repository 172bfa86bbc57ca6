# One small cell of each family trained and tested under faked processors of other makers, ages and
# caches, beside the one at hand: all of one class of bits give the same weights and scores. qemu
# computes each instruction in software; it knows none of AVX-512, so that this class is not faked.
. "$HERE/common.sh"
qemu=$(command -v qemu-x86_64 || true)
[[ $qemu ]] || { echo "SKIPPED: no qemu-user, which fakes processors: apt-get install qemu-user"; exit 0; }

families="table bandit"
processors=(EPYC)
if long; then
  families="table glyphs langid numbers bandit"
  processors=(Haswell EPYC "max,host-cache-info=off,vendor=AuthenticAMD" "Skylake-Client-v3,l3-cache=off" Broadwell-v4
    EPYC-Rome Icelake-Server "max,family=6,model=207,stepping=8,vendor=GenuineIntel")
fi

tiny_data > /dev/null
if long; then
  for pool in glyphs langid numbers; do "$BIN/attune-convert" --reader $pool -o $pool.h5 > /dev/null 2>&1; done
  for pool in glyphs langid; do
    "$BIN/attune-sample" --pool $pool.h5 --split test --ways 3 --queries 2 --episodes 3 -o $pool.test.h5 > /dev/null
  done
  echo '{"task": "translation", "episodes": {"shots": 4, "queries": 2}}' > episodes.json
  "$BIN/attune-sample" --pool numbers.h5 --config episodes.json --split test --episodes 3 -o numbers.test.h5 > /dev/null
fi
echo '{"learner": {"kind": "matching", "encoder": {"kind": "conv4", "filters": 16}}, "train": {"steps": 2},
  "episodes": {"ways": 3, "queries": 2}}' > glyphs.json
echo '{"learner": {"kind": "matching", "encoder": {"kind": "transformer", "layers": 1, "embedding": {"features": 16}}}, "train": {"steps": 3},
  "episodes": {"ways": 3, "queries": 2}}' > langid.json
echo '{"task": "translation", "translator": {"kind": "transformer"}, "train": {"steps": 2},
  "episodes": {"shots": 4, "queries": 2}}' > numbers.json
echo '{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5}, "agent": {"kind": "learned", "memory": {"kind": "gru"}},
  "train": {"steps": 4}}' > bandit.json
echo '{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5}}' > tasks.json
"$BIN/attune-sample" --config tasks.json --split test --episodes 20 -o bandit.test.h5 > /dev/null
cp pool.h5 table.h5
cp test.h5 table.test.h5
cp cell.json table.json

# cell FAMILY FOLDER [command…]: the model's weights and all rows, made by that command before the programs.
cell() {
  local family=$1 folder=$2 pool=()
  shift 2
  [[ $family == bandit ]] || pool=(--pool "$family.h5")
  mkdir -p "$folder"
  "$@" "$BIN/attune-train" --config "$family.json" "${pool[@]}" --threads 1 -q -o "$folder/$family.h5" > /dev/null &&
    "$@" "$BIN/attune-evaluate" --model "$folder/$family.h5" "${pool[@]}" --episodes "$family.test.h5" --threads 1 \
      -o "$folder/$family.tsv"
}
case $("$BIN/attune-train" --version | grep -o 'bits [a-z0-9+]*') in
  *avx512 | *avx2) export ATTUNE_BITS=avx2 ;;
  *) echo "SKIPPED: no AVX2 here"; exit 0 ;;
esac
for family in $families; do cell "$family" own; done
cells=0
for processor in "${processors[@]}"; do
  fake() { "$qemu" -cpu "$processor" "$@" 2> >(grep -v '^qemu-x86_64: warning' >&2); }
  for family in $families; do
    check "$family on $processor" cell "$family" fake fake
    check "$family on $processor: the same model" cmp "own/$family.h5" "fake/$family.h5"
    check "$family on $processor: the same rows" cmp "own/$family.tsv" "fake/$family.tsv"
    cells=$((cells + 1))
  done
  rm -r fake
done
# Caches of other sizes, as far as the libraries ask the environment.
export OPENBLAS_L2_SIZE=4194304 GLIBC_TUNABLES=glibc.cpu.x86_data_cache_size=4096:glibc.cpu.x86_shared_cache_size=65536
for family in $families; do
  check "$family with other caches" cell "$family" caches
  check "$family with other caches: the same rows" cmp "own/$family.tsv" "caches/$family.tsv"
  cells=$((cells + 1))
done
unset OPENBLAS_L2_SIZE GLIBC_TUNABLES
echo "COUNT $cells cells under other processors and caches"
finish
