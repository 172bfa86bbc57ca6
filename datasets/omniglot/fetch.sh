#!/usr/bin/env bash
# Downloads Omniglot and the Vinyals split lists from their public homes (source.json), verified.
# Usage: fetch.sh [folder]; the default is raw/ beside this file. Files already there are kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/raw}
files=$(awk -F'"' '/"path":/ { path = $4 } /"url":/ { print path, $4 }' "$here/source.json")

by_hand() {
  echo "fetch.sh: error: $1" >&2
  echo "Put these files into $folder by hand, then run this again:" >&2
  while read -r path url; do echo "  $path  from  $url" >&2; done <<< "$files"
  exit 1
}

wanted_sha256() {  # of a path, or nothing
  awk -F'"' -v path="$1" '/"path":/ { found = $4 == path } found && /"sha256":/ { print $4 }' \
    "$here/source.json"
}

while read -r path url; do
  file=$folder/$path
  mkdir -p "$(dirname "$file")"
  if [[ ! -s $file ]]; then
    command -v curl > /dev/null || by_hand "curl is not installed (apt-get install curl)"
    echo "fetching $url" >&2
    curl --fail --location --silent --show-error --retry 3 --connect-timeout 20 \
      --output "$file.tmp" "$url" || { rm -f "$file.tmp"; by_hand "can't download $path"; }
    mv "$file.tmp" "$file"
  fi
  wanted=$(wanted_sha256 "$path")
  found=$(sha256sum < "$file")
  if [[ -n $wanted && ${found%% *} != "$wanted" ]]; then
    echo "fetch.sh: error: $file: SHA-256: want $wanted, have ${found%% *}; remove it and try again" >&2
    exit 1
  fi
done <<< "$files"

# The zip files are known by the drawings in them (README.md), which only the reader can hash.
convert=${CONVERT:-$here/../../build/tools/attune-convert}
[[ -x $convert ]] || convert=$(command -v attune-convert || true)
if [[ -n $convert ]]; then
  pool=$(mktemp -d)
  trap 'rm -rf "$pool"' EXIT
  "$convert" --reader omniglot --input "$folder" -o "$pool/omniglot.h5" > /dev/null
  echo "$folder: complete and verified" >&2
else
  echo "$folder: complete; attune-convert verifies the drawings when it reads them" >&2
fi
