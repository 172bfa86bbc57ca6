# Mutants: each line of mutants.tsv, put into a copy of the sources, must make the test cases it
# names fail, which pass without it. Short: its text stands exactly once in its file, and the test
# cases exist. Long: builds and runs them, in a copy of its own; the sources stay as they are.
# MUTANTS="<name>…": these alone.
. "$HERE/common.sh"
root=$(cd "$HERE/../.." && pwd)

names=() files=() texts=() instead=() programs=() cases=()
# Tabs one by one: an empty field, for text that is taken away, must stay one.
while IFS= read -r line; do
  [[ $line == '#'* || -z $line ]] && continue
  fields=()
  while [[ $line == *$'\t'* ]]; do
    fields+=("${line%%$'\t'*}")
    line=${line#*$'\t'}
  done
  fields+=("$line")
  if ((${#fields[@]} != 6)); then
    wrong "mutants.tsv: want 6 fields, have ${#fields[@]}: ${fields[0]}"
    continue
  fi
  [[ -n ${MUTANTS:-} && " $MUTANTS " != *" ${fields[0]} "* ]] && continue
  names+=("${fields[0]}") files+=("${fields[1]}") texts+=("${fields[2]}") instead+=("${fields[3]}")
  programs+=("${fields[4]}") cases+=("${fields[5]}")
done < "$HERE/mutants.tsv"

# source_with K: the text of the K-th mutant's file with the change made. Fails unless the text
# stands there once and the change is one.
source_with() {
  local text before
  text=$(cat "$root/${files[$1]}"; echo x)
  before=${text%%"${texts[$1]}"*}
  [[ -n ${texts[$1]} && $before != "$text" && ${texts[$1]} != "${instead[$1]}" ]] || return 1
  text=${text#"$before${texts[$1]}"}
  [[ $text != *"${texts[$1]}"* ]] || return 1
  text=$before${instead[$1]}$text
  printf '%s' "${text%x}"
}
# Whether some test of the program's layer is of that name.
has_case() {
  local layer=${programs[$1]#test_} text
  layer=${layer%_f*}
  text=$(sed -nE 's/^TEST_CASE\("(.*)"\) \{$/\1/p; s/^ +"(.*)"\) \{$/\1/p' "$root/tests/$layer"/*_test.cpp)
  while IFS= read -r name; do
    # shellcheck disable=SC2053
    [[ $name == ${cases[$1]} ]] && return 0
  done <<< "$text"
  return 1
}

applicable=()
for k in "${!names[@]}"; do
  if ! source_with "$k" > /dev/null; then
    wrong "${names[$k]}: want this text once in ${files[$k]}, have another number: ${texts[$k]}"
  elif ! has_case "$k"; then
    wrong "${names[$k]}: no test case of ${programs[$k]} is named ${cases[$k]}"
  else
    applicable+=("$k")
  fi
done
if ! long; then
  passed=${#applicable[@]}
  echo "COUNT ${#names[@]} mutants, $passed fit their files"
  finish
  exit
fi

mkdir -p tree/build
cp -a "$root/CMakeLists.txt" "$root/lib" "$root/tools" "$root/tests" tree
# Depth and options as of make check, so that a compiler's cache knows the objects again.
export CCACHE_BASEDIR=$PWD/tree CCACHE_NOHASHDIR=1
jobs=$(nproc)
export OMP_NUM_THREADS=1  # which nproc would heed
generator=$(command -v ninja > /dev/null && echo Ninja || echo 'Unix Makefiles')
build=$PWD/tree/build/check
build_programs() { cmake --build "$build" --parallel "$jobs" --target "$@"; }
# run_case K: at most a minute, which a mutant that never ends takes, too.
run_case() { timeout 60 "$build/tests/${programs[$1]}" --test-case="${cases[$1]}" --minimal; }

mapfile -t wanted < <(printf '%s\n' "${programs[@]}" | sort -u)
if ! cmake -S tree -B "$build" -G "$generator" -DATTUNE_TESTS=ON > build.out 2>&1 ||
  ! build_programs "${wanted[@]}" > build.out 2>&1; then
  wrong "the programs without a mutant can't be built"
  tail -5 build.out
  applicable=()
fi

# All of them before any mutant: a program may hold the last one until it is built again.
sound=()
for k in "${applicable[@]}"; do
  if run_case "$k" > run.out 2>&1; then sound+=("$k"); else wrong "${names[$k]}: its test cases fail without it"; fi
done

survived=0
for k in "${sound[@]}"; do
  source=tree/${files[$k]}
  cp -p "$source" original.cpp
  source_with "$k" > "$source"
  if ! build_programs "${programs[$k]}" > build.out 2>&1; then
    wrong "${names[$k]}: can't be compiled"
    grep -m 3 'error' build.out | sed 's/^/    /'
  elif run_case "$k" > run.out 2>&1; then
    survived=$((survived + 1))
    wrong "${names[$k]}: ${programs[$k]} lets it live: ${cases[$k]}"
  else
    pass
    echo "killed ${names[$k]}"
  fi
  # Not with the old time: what was built with the mutant must look older.
  cp original.cpp "$source"
done
if ((failed == 0)); then
  echo "COUNT $passed mutants, all killed"
else
  echo "COUNT ${#names[@]} mutants, $passed killed, $survived survived"
fi
finish
