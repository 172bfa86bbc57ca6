# Every program with its N-th request for memory failing, once or from then on for ever. Each ends
# with success and the right bytes, or with exit 1 and one line; never by a signal, never late. What
# stood there before is old or new and whole, and no file under a name of ours is left.
. "$HERE/common.sh"
. "$HERE/calls.sh"
"${CXX:-g++}" -std=c++17 -shared -fPIC -O1 -o failing.so "$HERE/failing_malloc.cpp" -ldl
programs="$programs inspect"

prepare_memory() {
  if [[ $1 == inspect ]]; then
    inputs=(pool.h5) outputs=()
    command=("$BIN/attune-inspect" pool.h5)
  else
    command_of "$1" "out$(suffix_of "$1")"
    rm -f "${outputs[@]}" "${outputs[0]}".*
  fi
  COUNT_INTO=count.txt LD_PRELOAD="$PWD/failing.so" "${command[@]}" > golden/stdout.txt
  local path
  for path in "${outputs[@]}"; do cp "$path" "golden/$path"; done
  set=""
  if [[ " ${outputs[*]} " == *.cost.json* ]]; then set=$(member "golden/${outputs[0]}.cost.json" set); fi
}

# How the first output, if compressed, differs from what it should be.
difference() {
  [[ ${outputs[0]:-} == *.gz ]] || return 0
  ls -l "${outputs[0]}" "golden/${outputs[0]}"
  diff <(gzip -dcf "${outputs[0]}") <(gzip -dc "golden/${outputs[0]}") | head -4
}

# outcome WHERE STATUS, after the run.
outcome() {
  local where=$1 status=$2 left
  if ((status == 0)); then
    all_new > seen.txt && cmp -s stdout.txt golden/stdout.txt ||
      { wrong "$where: exit 0, but $(cat seen.txt) $(head -c 200 stderr.txt)$(difference)"; return; }
  elif ((status != 1)) || [[ $(wc -l < stderr.txt) != 1 ]] ||
    ! grep -q "^attune-$program: error: ." stderr.txt; then
    wrong "$where: exit $status: $(head -c 300 stderr.txt)"
    return
  fi
  ((${#outputs[@]} == 0)) || old_or_new > seen.txt || { wrong "$where: $(cat seen.txt)"; return; }
  left=$(find . -name '*.tmp' -o -name '*.lock' -o -name '.attune-*')
  [[ -z $left ]] || { wrong "$where: left $left"; find . -name '.attune-*' -delete; return; }
  pass
}

# fail_at COUNT [NAME=VALUE]: that many places, spread over all requests.
tries=0
fail_at() {
  local count=$1 total k at status
  shift
  total=$(cat count.txt)
  for ((k = 0; k < count; ++k)); do
    at=$((1 + (2 * k + 1) * total / (2 * count)))
    if ((${#outputs[@]})); then place_old; fi
    status=0
    timeout -s KILL 30 env FAIL_AT=$at "$@" LD_PRELOAD="$PWD/failing.so" "${command[@]}" \
      > stdout.txt 2> stderr.txt || status=$?
    outcome "$program: request $at of $total $*" "$status"
    tries=$((tries + 1))
  done
}

for program in $programs; do
  prepare_memory "$program"
  fail_at "$(by_scope 7 500)"
  fail_at "$(by_scope 3 250)" FAIL_FOR_EVER=1
done
echo "COUNT $tries failing allocations"
finish
