# Several at once on one output: one wins, the others are refused in one line or come later to the
# same bytes. Several makes of one experiment, and make -j: the bytes of a single make.
. "$HERE/common.sh"
. "$HERE/calls.sh" > /dev/null
rounds=$(by_scope 2 100) refused=0 runs=0
# at_once COUNT: runs `command` so often at the same time and checks all outcomes.
at_once() {
  local -a pids=()
  local number status good=0
  for ((number = 0; number < $1; ++number)); do
    "${command[@]}" > /dev/null 2> "$number.err" &
    pids+=($!)
  done
  for ((number = 0; number < $1; ++number)); do
    status=0
    wait "${pids[number]}" || status=$?
    runs=$((runs + 1))
    if ((status == 0)); then
      good=$((good + 1))
    elif ((status == 1)) && [[ $(wc -l < "$number.err") == 1 ]] &&
      grep -q 'another process is writing it$' "$number.err"; then
      refused=$((refused + 1))
    else
      wrong "$program, $1 at once: exit $status: $(head -c 300 "$number.err")"
    fi
  done
  rm -f ./*.err
  # Each may lose one file to another: then the next run has its turn.
  ((good > 0)) || "${command[@]}" > /dev/null
  check "$program, $1 at once: other bytes" all_new
  check "$program, $1 at once: left $(leftovers)" [ -z "$(leftovers)" ]
}
for program in $programs; do
  prepare "$program"
  for ((round = 0; round < rounds; ++round)); do
    place_old
    random_below 3
    at_once $((random + 2))
  done
done
echo "COUNT $runs runs on an output of others, $refused refused"

cat > toy.json << 'JSON'
{"title": "Toy", "pools": {"toy": {"reader": "table", "input": "rows.csv"}},
 "tests": {"3w1s": {"ways": 3, "queries": 3, "episodes": 20}, "2w2s": {"ways": 2, "shots": 2, "queries": 3, "episodes": 20}},
 "validation": {"toy": {"ways": 3, "queries": 3, "episodes": 5}},
 "base": {"episodes": {"ways": 3, "queries": 3}, "train": {"steps": 20, "validate_every": 10}},
 "cells": [{"name": "floor", "config": {"learner": {"kind": "nearest_neighbour"}}, "final": "none"},
           {"name": "one", "config": {"learner": {"encoder": {"kind": "mlp"}}}, "final": "train"},
           {"name": "two", "config": {"learner": {"encoder": {"kind": "mlp"}}}, "seeds": [0, 1]}]}
JSON
build() {  # RESULTS arguments…
  local results=$1
  shift
  "$BIN/attune-plan" --results "$results" toy.json > "$results.mk" &&
    make -s -f "$results.mk" BIN="$BIN" THREADS=1 "$@" > /dev/null
}
made() { (cd "$1" && find rows tables -type f ! -name '*.cost.*' | sort | xargs sha256sum); }
build single
makes=0
for ((round = 0; round < $(by_scope 1 20); ++round)); do
  for jobs in 2 16; do
    rm -rf several
    check "make -j$jobs" build several "-j$jobs"
    check "make -j$jobs: other bytes" cmp <(made single) <(made several)
    makes=$((makes + 1))
  done
  # Three in one folder: whoever meets another may stop; what is there is right, and one more ends it.
  rm -rf several
  for number in 1 2 3; do build several -j2 2> "make-$number.err" & done
  wait
  check "a make after three at once" build several -j2
  check "three makes at once: other bytes" cmp <(made single) <(made several)
  check "three makes at once: left $(leftovers several)" [ -z "$(leftovers several)" ]
  makes=$((makes + 3))
done
echo "COUNT $makes makes in parallel"
finish
