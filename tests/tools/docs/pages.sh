# README's length and width, the links of all pages, and their numbers in the tables that they link.
/usr/bin/python3 -B "$HERE/pages.py" "$HERE/../../.."

# The check finds what it is for.
mkdir -p wrong/results/tables
echo '| a | 1.00 ± 0.10 |' > wrong/results/tables/a.md
echo '| b | 2.00 ± 0.20 |' > wrong/results/tables/b.md
wrong() {  # TEXT MESSAGE
  printf '%s\n' "$1" > wrong/README.md
  if /usr/bin/python3 -B "$HERE/pages.py" wrong > said; then return 1; fi
  grep -qF -- "$2" said || { cat said; return 1; }
}
printf '# Title\n\nIt is 1.00 ± 0.10 ([a](results/tables/a.md)).\n' > wrong/README.md
/usr/bin/python3 -B "$HERE/pages.py" wrong
wrong 'It is 2.00 ± 0.20 ([a](results/tables/a.md)).' 'README.md:1: 2.00 ± 0.20 is in no table that this section links'
wrong '| it | 2.00 ± 0.20 | [a](results/tables/a.md) |
| too | 1.00 ± 0.10 | [b](results/tables/b.md) |' 'README.md:1: 2.00 ± 0.20 is in no table that this row links'
wrong 'See [c](results/tables/c.md).' 'README.md:1: no such file: results/tables/c.md'
wrong 'See [c](#no-such-heading).' 'README.md:1: no such heading: #no-such-heading'
wrong "$(seq 151)" 'README.md: want at most 150 lines, have 151'
wrong "$(printf 'x%.0s' {1..121})" 'README.md:1: want at most 120 columns, have 121'
