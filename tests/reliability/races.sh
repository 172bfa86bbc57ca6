# Different programs, and the same one twice, write one output at the same time: one whole result is
# there in the end, with its own side files, and who lost says so in one line that names the output.
# Readers, while what they read is replaced, see the old or the new.
. "$HERE/common.sh"
tiny_data > /dev/null
pool=(--pool pool.h5)
train=("$BIN/attune-train" --config cell.json "${pool[@]}" -q --threads 1)
"${train[@]}" --set train.steps=10 -o a.h5 > train.out
"${train[@]}" --set train.steps=40 -o b.h5 > train.out
# Two shots, for attune-probe.
"$BIN/attune-sample" "${pool[@]}" --split test --ways 3 --shots 2 --queries 3 --episodes 10 -o two.h5 > sample.out
test=("${pool[@]}" --episodes test.h5 --threads 1)
"$BIN/attune-evaluate" --model a.h5 "${test[@]}" -o rows.tsv

# command_of PROGRAM OUTPUT: sets `command`, and `members` of the set that it writes.
command_of() {
  members=()
  case $1 in
    convert) command=("$BIN/attune-convert" --reader table --input rows.csv -o "$2") ;;
    sample) command=("$BIN/attune-sample" "${pool[@]}" --ways 3 --queries 3 --episodes 200 -o "$2") ;;
    train)
      command=("${train[@]}" -o "$2")
      members=(.log.jsonl .cost.json) ;;
    evaluate)
      command=("$BIN/attune-evaluate" --model a.h5 "${test[@]}" -o "$2")
      members=(.cost.json) ;;
    probe) command=("$BIN/attune-probe" --model a.h5 "${pool[@]}" --episodes two.h5 --threads 1 -o "$2") ;;
    tabulate) command=("$BIN/attune-tabulate" rows.tsv -o "$2") ;;
    plot) command=("$BIN/attune-plot" cost -o "$2" rows.tsv) ;;
  esac
}
programs=(convert sample train evaluate probe tabulate plot)
output=out.svg  # a name that each of them takes
mkdir whole
for program in "${programs[@]}"; do
  command_of "$program" "whole/$program.svg"
  check "$program alone" "${command[@]}"
done
id_of() {  # of the set whose first file is what PROGRAM writes
  case $1 in train) member whole/train.svg.cost.json set ;; evaluate) member whole/evaluate.svg.cost.json set ;; esac
}
# Members are those of the program whose result is there. What a run that was whole left before the
# next began belongs to no one, and says so.
own_members() {
  local ending path id
  command_of "$1" "$output"
  id=$(id_of "$1")
  for ending in "${members[@]}"; do
    path=$output$ending
    case $ending in
      .log.jsonl) cmp -s "$path" "whole/$1.svg$ending" || { echo "$path is none of $1's"; return 1; } ;;
      *) [[ -n $id && $(member "$path" set) == "$id" ]] || { echo "$path is none of $1's"; return 1; } ;;
    esac
  done
}
runs=0 refused=0
# race PROGRAM…: all at once.
race() {
  local -a pids=()
  local program status good=0 number winner=""
  rm -f "$output"* .attune-*
  for number in $(seq $#); do
    command_of "${!number}" "$output"
    "${command[@]}" > /dev/null 2> "$number.err" &
    pids+=($!)
  done
  for number in $(seq $#); do
    status=0
    wait "${pids[number - 1]}" || status=$?
    runs=$((runs + 1))
    if ((status == 0)); then
      good=$((good + 1))
    elif ((status == 1)) && [[ $(wc -l < "$number.err") == 1 ]] && grep -qF "$output" "$number.err"; then
      refused=$((refused + 1))
    else
      wrong "$*: ${!number}: exit $status: $(head -c 300 "$number.err")"
    fi
  done
  check "$*: none of them won" test "$good" -gt 0
  for program in "$@"; do
    if cmp -s "$output" "whole/$program.svg"; then winner=$program; fi
  done
  check "$*: $output is no result of theirs" test -n "$winner"
  [[ -z $winner ]] || check "$*: members" own_members "$winner"
  check "$*: left $(leftovers | paste -sd ' ')" test -z "$(leftovers)"
}
for round in $(seq "$(by_scope 1 8)"); do
  for first in "${programs[@]}"; do
    for second in "${programs[@]}"; do
      # All pairs in full; else each program once with itself and once with the next.
      if long || [[ $first == "$second" || "$first $second" == "train evaluate" || "$first $second" == "evaluate train" ]]; then
        race "$first" "$second"
      fi
    done
  done
  race "${programs[@]}"
  race train evaluate train evaluate
done
echo "COUNT $runs runs of programs on one output, $refused refused"

# A model that is replaced between any two of the reader's looks at it.
evaluate=("$BIN/attune-evaluate" --model model.h5 "${test[@]}")
for name in a b; do "$BIN/attune-evaluate" --model $name.h5 "${test[@]}" -o $name.tsv; done
check "the two models differ" test "$(digest a.tsv)" != "$(digest b.tsv)"
# one_of READER STATUS OUTPUT OLD NEW: an old or a new result, or one line that says what is the matter.
one_of() {
  if [[ $2 == 0 ]]; then
    check "$1: a mixture" eval "cmp -s $3 $4 || cmp -s $3 $5"
  else
    check "$1: exit $2: $(head -c 300 reader.err)" test "$2" = 1 -a "$(wc -l < reader.err)" = 1
  fi
}
put() {  # NAME: that model and its members, as attune-train leaves them
  local ending
  for ending in .log.jsonl .cost.json ""; do
    cp "$1.h5$ending" "new$ending"
    mv "new$ending" "model.h5$ending"
  done
}
if command -v strace > /dev/null; then
  for when in 1 2 3 4; do
    put a
    strace -f -qq -o strace.txt -e trace=openat -P model.h5 -e inject=openat:delay_enter=700000:when=$when \
      "${evaluate[@]}" -o raced.tsv 2> reader.err &
    reader=$!
    sleep 0.4
    put b
    status=0
    wait "$reader" || status=$?
    one_of "evaluate, replaced before look $when" "$status" raced.tsv a.tsv b.tsv
  done
fi

# Writers and readers in a loop. Rows and their side files change with the model.
for name in a b; do
  "$BIN/attune-evaluate" --model $name.h5 "${test[@]}" -o loop.tsv
  "$BIN/attune-tabulate" loop.tsv -o table-$name.md
done
touch go
while [[ -e go ]]; do
  for name in a b; do
    put "$name"
    "$BIN/attune-evaluate" --model $name.h5 "${test[@]}" -o loop.tsv || touch writer-failed
  done
done 2> writer.err &
writer=$!
reads=$(by_scope 10 300)
for _ in $(seq "$reads"); do
  status=0
  "${evaluate[@]}" -o raced.tsv 2> reader.err || status=$?
  one_of "evaluate in a loop" "$status" raced.tsv a.tsv b.tsv
  status=0
  "$BIN/attune-tabulate" loop.tsv > raced.md 2> reader.err || status=$?
  one_of "tabulate in a loop" "$status" raced.md table-a.md table-b.md
  # Costs are of the rows' own set, or refused.
  status=0
  "$BIN/attune-tabulate" --costs loop.tsv > raced.md 2> reader.err || status=$?
  check "tabulate --costs in a loop: exit $status: $(head -c 300 reader.err)" \
    test "$status" = 0 -o "$status" = 1 -a "$(wc -l < reader.err)" -le 1
done
rm go
wait "$writer" || true
check "a writer among readers: $(head -c 300 writer.err)" test ! -e writer-failed
echo "COUNT $reads rounds of readers while what they read is replaced"
finish
