# One small cell of each family trained and tested under faked processors of other makers, ages and
# caches, beside the one at hand: all of one class of bits give the same weights and scores. AVX-512
# is faked by answering CPUID, where the system lets it fail; AVX2 by qemu, which computes each
# instruction in software and knows none of AVX-512.
. "$HERE/common.sh"
have=$("$BIN/attune-train" --version | grep -o 'bits [a-z0-9+]*')
qemu=$(command -v qemu-x86_64 || true)
"${CXX:-g++}" -std=c++20 -O1 -o fake_cpuid "$HERE/fake_cpuid.cpp"
wide=
if [[ $have == *avx512 ]] && ./fake_cpuid skylake true; then wide=yes; fi
[[ $have == *avx512 || $have == *avx2 ]] || { echo "SKIPPED: no AVX2 here"; exit 0; }
[[ $qemu || $wide ]] || { echo "SKIPPED: no qemu-user, which fakes processors: apt-get install qemu-user"; exit 0; }

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
# sized FILTERS FEATURES WAYS: what each family trains.
sized() {
  echo '{"learner": {"kind": "matching", "encoder": {"kind": "conv4", "filters": '"$1"'}}, "train": {"steps": 2},
    "episodes": {"ways": '"$3"', "queries": 2}}' > glyphs.json
  echo '{"learner": {"kind": "matching", "encoder": {"kind": "transformer", "layers": 1,
    "embedding": {"features": '"$2"'}}}, "train": {"steps": 3}, "episodes": {"ways": 3, "queries": 2}}' > langid.json
  echo '{"task": "translation", "translator": {"kind": "transformer", "features": '"$2"'}, "train": {"steps": 2},
    "episodes": {"shots": 4, "queries": 2}}' > numbers.json
  echo '{"task": "control", "environment": {"kind": "bandit", "arms": 3, "pulls": 5},
    "agent": {"kind": "learned", "memory": {"kind": "gru", "hidden": '"$2"'}}, "train": {"steps": 4}}' > bandit.json
}
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
cells=0
# compare PROCESSOR command…: all families on it, beside those in own/.
compare() {
  local processor=$1 family
  shift
  for family in $families; do
    check "$family on $processor" cell "$family" fake "$@"
    check "$family on $processor: the same model" cmp "own/$family.h5" "fake/$family.h5"
    check "$family on $processor: the same rows" cmp "own/$family.tsv" "fake/$family.tsv"
    cells=$((cells + 1))
  done
  rm -r fake
}
own() { rm -rf own && for family in $families; do cell "$family" own; done; }
# Caches of other sizes, as far as the libraries ask the environment.
other_caches() {
  compare "$1, other caches" env OPENBLAS_L2_SIZE=4194304 \
    GLIBC_TUNABLES=glibc.cpu.x86_data_cache_size=4096:glibc.cpu.x86_shared_cache_size=65536
}
in_qemu() { "$qemu" -cpu "$processor" "$@" 2> >(grep -v '^qemu-x86_64: warning' >&2); }

if [[ $wide ]]; then  # at full speed: networks of usual size
  sized 64 128 20
  own
  for processor in $(./fake_cpuid list); do compare "$processor" ./fake_cpuid "$processor"; done
  other_caches avx512
fi
export ATTUNE_BITS=avx2
sized 64 128 20
own
if [[ $wide ]]; then
  for processor in $(./fake_cpuid list); do compare "avx2 of $processor" ./fake_cpuid "$processor"; done
fi
other_caches avx2
if [[ $qemu ]]; then
  sized 16 16 3
  own
  for processor in "${processors[@]}"; do compare "$processor" in_qemu; done
fi
echo "COUNT $cells cells under other processors and caches"
finish
