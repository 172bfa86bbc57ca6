#!/usr/bin/env bash
# Golden runs of the programs: every tests/tools/<verb>/*.sh, each in a fresh folder under
# `bash -eu -o pipefail`, with BIN (folder of the programs) and HERE (folder of the script) set.
# Arguments select by verb or verb/name. JOBS (default: all cores) at a time. Prints the output of
# what failed; last line: the count.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
BIN=$(cd "${BIN:-$here/../../build/check/tools}" && pwd)
export BIN LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MFLAGS OPENBLAS_CORETYPE ONEDNN_MAX_CPU_ISA DNNL_MAX_CPU_ISA
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" && rm -rf "$work"' EXIT
# Ctrl-C: what runs beside this script doesn't hear it.
trap 'trap "" TERM; kill -TERM 0; wait; exit 130' INT
# The trace goes another way: what a function of a script says on stderr is its program's alone.
golden() {
  local name=$1 folder="$work/$1"
  mkdir -p "$folder"
  HERE="$here/${name%/*}"
  export HERE
  if (cd "$folder" && BASH_XTRACEFD=9 bash -eu -o pipefail -x "$here/$name.sh") \
    >"$folder.output" 2>&1 9>&1 </dev/null; then
    touch "$folder.passed"
    chmod -R u+rwX "$folder" && rm -rf "$folder"
  fi
}

names=()
for script in "$here"/*/*.sh; do
  [[ -e $script ]] || continue
  name=${script#"$here"/}
  name=${name%.sh}
  wanted=yes
  if (($# > 0)); then
    wanted=no
    for argument in "$@"; do [[ $name == "$argument" || ${name%%/*} == "$argument" ]] && wanted=yes; done
  fi
  [[ $wanted == no ]] || names+=("$name")
done
for name in "${names[@]}"; do
  while (($(jobs -rp | wc -l) >= ${JOBS:-$(nproc)})); do wait -n || true; done
  golden "$name" &
done
wait
passed=0 failed=0
for name in "${names[@]}"; do
  if [[ -e $work/$name.passed ]]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED tools/$name"
    tail -40 "$work/$name.output" | sed 's/^/    /'
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
