# Every configuration key wrong in every way, generated from the schema that the programs print.
. "$HERE/common.sh"
tiny_data
tiny_texts
"$BIN/attune-inspect" --schema > schema.tsv
python3 "$HERE/config_values.py" schema.tsv "$BIN" "$(by_scope 1 1000)"
