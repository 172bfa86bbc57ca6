# Sourced by syscalls.sh, faults.sh and parallel.sh: each program as one command on tiny data, with the
# files it reads and writes, so that strace can hit every system call that touches them.
tiny_data
mkdir golden
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

# Under it the names of temporary files, random otherwise, are the same in every run.
"${CXX:-g++}" -shared -fPIC -O1 -o names.so "$HERE/same_names.cpp"
hit=(strace -qq -E LD_PRELOAD="$PWD/names.so" -e signal=none)

# Sets `watched`, what strace looks at: the files that the prepared command reads, writes, renames and
# removes in this folder, and the folder, which is synced. Open files are matched by their whole path.
watch_list() {
  local path
  "${hit[@]}" -o trace.txt -e trace=openat,rename,unlink -- "${command[@]}" > /dev/null 2>&1
  watched=(-P . -P "$PWD")
  while read -r path; do watched+=(-P "$path" -P "$PWD/${path#./}"); done < <(
    grep -o '"[^"]*"' trace.txt | tr -d '"' | sed "s|^$PWD/||" | grep -v -e '^/' -e '^names[.]so$' | sort -u)
}
# sites CALL: how often the prepared command makes that call on a watched path.
sites() { grep -c "^$1(" trace.txt || true; }
# What stood there before the run. Members of a set are only replaced where they are of our making.
old_content() {
  case $1 in
    *.log.jsonl) echo '{"step": 1, "loss": 0.5}' ;;
    *.h5.cost.json) echo '{"train_seconds": 1, "steps": 1}' ;;
    *.cost.json) echo '{"evaluate_seconds": 1, "episodes": 1}' ;;
    *) echo "old content of $1" ;;
  esac
}
clear_outputs() { rm -f "${outputs[@]}" "${outputs[0]}".* .attune-*; }
place_old() {
  local path
  clear_outputs
  for path in "${outputs[@]}"; do old_content "$path" > "$path"; done
}
# The cost files hold times; what they belong to is the same in every run.
is_old() { cmp -s "$1" <(old_content "$2"); }
is_new() {
  if [[ $2 == *.cost.json ]]; then
    [[ $(member "$1" set 2> /dev/null || echo none) == "$(member "golden/$2" set)" ]] && ! is_old "$1" "$2"
  else
    cmp -s "$1" "golden/$2"
  fi
}
# Where a member of the new set is read: a kill may have come before it got its name.
place_of() {
  if [[ $1 != "${outputs[0]}" && -n $set && -e $1.$set ]]; then echo "$1.$set"; else echo "$1"; fi
}
# Every output is of the generation of the first, which is old or new, and whole.
old_or_new() {
  local path
  if is_new "${outputs[0]}" "${outputs[0]}"; then all_new; return; fi
  for path in "${outputs[@]}"; do
    is_old "$path" "$path" || { echo "$path is not that of an old ${outputs[0]}"; return 1; }
  done
}
all_new() {
  local path
  for path in "${outputs[@]}"; do
    is_new "$(place_of "$path")" "$path" || { echo "$path is not that of a new ${outputs[0]}"; return 1; }
  done
}
# prepare PROGRAM: sets command, inputs, outputs, set and watched, and makes the result to compare with
# and the trace that sites counts in.
prepare() {
  local path
  command_of "$1" "out$(suffix_of "$1")"
  clear_outputs
  if command -v strace > /dev/null; then
    watch_list
    place_old
    "${hit[@]}" -o trace.txt -e trace=openat,read,pread64,write,pwrite64,ftruncate,fsync,rename,unlink,flock \
      "${watched[@]}" -- "${command[@]}" > /dev/null 2>&1
  else
    "${command[@]}" > /dev/null  # parallel.sh needs no trace
  fi
  for path in "${outputs[@]}"; do cp "$path" "golden/$path"; done
  set=""
  if [[ ${#outputs[@]} -gt 1 ]]; then
    set=$(member "golden/${outputs[0]}.cost.json" set)
    check "$1: its side file names its set" test -n "$set"
  fi
}
