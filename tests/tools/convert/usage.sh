# Options, configuration and their exit codes.
. "$HERE/../tiny.sh"
"$BIN/attune-convert" --help | grep -q 'attune-convert --reader omniglot'
"$BIN/attune-convert" --version | grep -q '^attune-convert '
convert=("$BIN/attune-convert")
fails 2 'output' "${convert[@]}" --reader table --input x.csv
fails 2 'reader.*want cifar_fs\|clinc150\|fewrel\|glyphs\|images\|langid\|numbers\|omniglot\|pairs\|scan\|table\|text\|text_folder' "${convert[@]}" --input x.csv -o new.h5
fails 2 'tabel.*table' "${convert[@]}" --reader tabel --input x.csv -o new.h5
fails 2 'lable' "${convert[@]}" --reader table --set lable=x --input x.csv -o new.h5
fails 2 'fractions' "${convert[@]}" --reader table --set 'fractions=[1,1,1]' --input x.csv -o new.h5
fails 2 'size' "${convert[@]}" --reader images --set size=0 --input x -o new.h5
fails 2 'input' "${convert[@]}" --reader images -o new.h5
fails 1 'x.csv' "${convert[@]}" --reader table --input x.csv -o new.h5
printf 'label,x\na,1\na,2\nb,3\nb,4\nc,5\nc,6\n' > x.csv
"${convert[@]}" --reader table --input x.csv -o old.h5 > /dev/null
cp old.h5 kept.h5
printf 'label,x\na,1\na,oops\nb,3\nb,4\nc,5\nc,6\n' > x.csv
fails 1 'line 3' "${convert[@]}" --reader table --input x.csv -o old.h5
cmp old.h5 kept.h5
printf 'label,x\na,1\na,2\nb,3\nb,4\nc,5\nc,6\n' > x.csv
fails 1 'none/new.h5' "${convert[@]}" --reader table --input x.csv -o none/new.h5
fails 1 'none/new.h5' "${convert[@]}" --reader table --input nothere.csv -o none/new.h5  # at once
[ "$(ls)" = "$(printf '%s\n' fails.err fails.out kept.h5 old.h5 x.csv)" ]
