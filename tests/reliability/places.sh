# Folders that can't be written, names that are odd, files that are no files: exit 1 with one line
# that says which, or the right bytes; nothing partial stays.
. "$HERE/common.sh"
tiny_data > /dev/null
convert=("$BIN/attune-convert" --reader table --input)
wanted=$(digest pool.h5)

# made PATH: convert writes the same pool there.
made() {
  check "write ${1:0:60}: $(head -c 200 err.txt 2> /dev/null)" "${convert[@]}" rows.csv -o "$1"
  check "content of ${1:0:60}" [ "$(digest "$1")" = "$wanted" ]
  check "reading ${1:0:60}" "$BIN/attune-inspect" "./$1"
}
mkdir 'a folder' 'földer' $'new\nline'
long_name=$(printf 'x%.0s' $(seq 240)).h5
for path in 'a folder/pool.h5' 'földer/プール.h5' $'new\nline/p.h5' "it's \"it\".h5" '$HOME.h5' 'a\b.h5' \
  '*.h5' 'no-suffix' '.hidden.h5' "$long_name" 'x%sn.h5' $'tab\t.h5' $'\xff\xfe.h5'; do
  made "$path"
done
deep=$(printf 'd%.0s' $(seq 200))
folder=. && for _ in $(seq 18); do folder+=/$deep; done
if mkdir -p "$folder" 2> /dev/null; then made "$folder/p.h5"; fi
made "$(printf 'y%.0s' $(seq 255))"  # a temporary name is short whatever the name is
check "a name of 256 bytes" fails 1 'File name too long' \
  "${convert[@]}" rows.csv -o "$(printf 'y%.0s' $(seq 256))"
check "a path of 3000 bytes" fails 1 'File name too long' \
  "${convert[@]}" rows.csv -o "$(printf 'y%.0s' $(seq 3000))"
check "a path of 9000 bytes" fails 1 'attune-convert: error: y{3000}' \
  "${convert[@]}" rows.csv -o "$(printf 'y%.0s' $(seq 9000))"

# Not regular files, to read and to write. A pipe must not be waited for.
mkfifo pipe
ln -s nowhere.h5 dangling && ln -s loop loop && ln -s pool.h5 link
sample=(timeout 20 "$BIN/attune-sample" --ways 3 --queries 3 --episodes 3)
check "read a folder" fails 1 'a folder: want' "${sample[@]}" --pool 'a folder' -o s.h5
check "read a pipe" fails 1 'pipe: want' "${sample[@]}" --pool pipe -o s.h5
check "read a device" fails 1 '/dev/zero: want' "${sample[@]}" --pool /dev/zero -o s.h5
check "read nothing" fails 1 '/dev/null: want' "${sample[@]}" --pool /dev/null -o s.h5
check "read a dangling link" fails 1 'dangling: want' "${sample[@]}" --pool dangling -o s.h5
check "read a loop of links" fails 1 'loop: want' "${sample[@]}" --pool loop -o s.h5
check "read through a link" "${sample[@]}" --pool link -o s.h5
check "write a folder" fails 1 'a folder: want a regular file' "${convert[@]}" rows.csv -o 'a folder'
check "write a pipe" fails 1 'pipe: want a regular file' timeout 20 "${convert[@]}" rows.csv -o pipe
check "write a device" fails 1 '/dev/null: want a regular file' "${convert[@]}" rows.csv -o /dev/null
check "write below a file" fails 1 'Not a directory' "${convert[@]}" rows.csv -o rows.csv/p.h5
check "write below nothing" fails 1 'No such file' "${convert[@]}" rows.csv -o none/p.h5
check "an endless configuration" fails 1 '/dev/zero: ' timeout 60 "$BIN/attune-train" \
  --config /dev/zero --pool pool.h5 -o m.h5
check "endless rows" fails 1 '/dev/zero: want a file or a pipe' timeout 20 "$BIN/attune-tabulate" /dev/zero
check "an endless table" fails 1 '/dev/zero: want a file or a pipe' timeout 20 "${convert[@]}" /dev/zero -o z.h5
endless_stdin() { timeout 20 "${convert[@]}" - -o z.h5 < /dev/zero; }
check "an endless stdin" fails 1 'stdin: want a file or a pipe' endless_stdin
check "an endless list of classes" fails 1 '/dev/zero: want a file or a pipe' timeout 20 "${convert[@]}" \
  rows.csv --set split=lists --set test_list=/dev/zero -o z.h5

# Permissions bind everyone but root.
mkdir locked blind
cp rows.csv pool.h5 locked/ && cp pool.h5 unreadable.h5
chmod 500 locked && chmod 600 blind && chmod 000 unreadable.h5
as=()
if [[ $(id -u) == 0 ]]; then
  chmod 755 . && as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  # The way here is closed to others.
  "${as[@]}" test -r "$PWD/rows.csv" -a -x "$BIN/attune-convert" 2> /dev/null || as=(false)
fi
if [[ ${as[*]} == false ]] || ! "${as[@]}" true; then
  echo "SKIPPED: permissions, since $PWD or $BIN is closed to other users"
else
  if [[ $(id -u) == 0 ]]; then chown 65534 locked blind unreadable.h5; fi
  check "a read-only folder" fails 1 'Permission denied' "${as[@]}" "${convert[@]}" rows.csv -o locked/p.h5
  check "an old file in it survives" cmp pool.h5 locked/pool.h5
  check "a folder without x" fails 1 'Permission denied' "${as[@]}" "${convert[@]}" rows.csv -o blind/p.h5
  check "an unreadable file" fails 1 'Permission denied' "${as[@]}" "${sample[@]}" --pool unreadable.h5 -o s2.h5
fi
chmod 700 locked blind && chmod 600 unreadable.h5
check "left behind: $(leftovers)" [ -z "$(leftovers)" ]
finish
