# Sourced by syscalls.sh and faults.sh: each program as one command on tiny data, with the files it
# reads and writes, so that strace can hit every system call that touches them.
tiny_data
mkdir golden old
"$BIN/attune-train" --config cell.json --pool pool.h5 -q -o golden/model.h5 > train.out
"$BIN/attune-evaluate" --model golden/model.h5 --pool pool.h5 --episodes test.h5 -o rows.tsv.gz

# command_of PROGRAM OUTPUT: sets `command`, and `inputs` and `outputs` (the first is the result).
command_of() {
  local output=$2
  inputs=(pool.h5) outputs=("$output")
  case $1 in
    convert)
      inputs=(rows.csv)
      command=("$BIN/attune-convert" --reader table --input rows.csv -o "$output") ;;
    sample)
      command=("$BIN/attune-sample" --pool pool.h5 --ways 3 --queries 3 --episodes 5 -o "$output") ;;
    train)
      inputs+=(cell.json val.h5)
      outputs+=("$output.log.jsonl" "$output.cost.json")
      command=("$BIN/attune-train" --config cell.json --set train.steps=4
        --set train.validate_every=2 --checkpoint-seconds 0 --pool pool.h5 --val val.h5 -q --threads 1 -o "$output") ;;
    evaluate)
      inputs+=(golden/model.h5 test.h5)
      outputs+=("$output.cost.json")
      command=("$BIN/attune-evaluate" --model golden/model.h5 --pool pool.h5 --episodes test.h5
        --threads 1 -o "$output") ;;
    tabulate)
      inputs=(rows.tsv.gz)
      command=("$BIN/attune-tabulate" rows.tsv.gz -o "$output") ;;
  esac
}
programs="convert sample train evaluate tabulate"
suffix_of() { case $1 in evaluate) echo .tsv.gz ;; tabulate) echo .md ;; *) echo .h5 ;; esac; }

# The paths that strace looks at: what is read, what is written under its last and its temporary
# names, and the folder that is synced. Open files are matched by their whole path.
watch_list() {
  local path names=()
  for path in "${inputs[@]}" "${outputs[@]}"; do names+=("$path" "$path.tmp"); done
  names+=("${outputs[0]}.state" "${outputs[0]}.state.tmp" "${outputs[0]}.lock")
  watched=(-P . -P "$PWD")
  for path in "${names[@]}"; do watched+=(-P "$path" -P "$PWD/$path"); done
}
# sites CALL: how often the prepared command makes that call on a watched path.
sites() { grep -c "^$1(" trace.txt || true; }
# What stood there before the run: another program's idea of a file, whose bytes must survive.
place_old() {
  rm -f "${outputs[@]}" "${outputs[0]}".*
  local path
  for path in "${outputs[@]}"; do echo "old content of $path" > "$path"; done
}
# Compared content of an output: the cost files hold times.
is_old() { cmp -s "$1" <(echo "old content of $1"); }
is_new() {
  if [[ $1 == *.cost.json ]]; then python3 -m json.tool "$1" > /dev/null; else cmp -s "$1" "golden/$1"; fi
}
old_or_new() {
  local path
  for path in "${outputs[@]}"; do
    is_old "$path" || is_new "$path" || { echo "$path is neither old nor new"; return 1; }
  done
}
all_new() {
  local path
  for path in "${outputs[@]}"; do is_new "$path" || { echo "$path is not the result"; return 1; }; done
}
# prepare PROGRAM: sets command, inputs, outputs and watched, and makes the result to compare with and
# the trace that sites counts in.
prepare() {
  command_of "$1" "out$(suffix_of "$1")"
  watch_list
  rm -f "${outputs[@]}" "${outputs[0]}".*
  if command -v strace > /dev/null; then
    strace -qq -o trace.txt -e trace=openat,read,pread64,write,pwrite64,ftruncate,fsync,rename,unlink,flock \
      -e signal=none "${watched[@]}" -- "${command[@]}" > /dev/null 2>&1
  else
    "${command[@]}" > /dev/null  # parallel.sh needs no trace
  fi
  local path
  for path in "${outputs[@]}"; do cp "$path" "golden/$path"; done
}
