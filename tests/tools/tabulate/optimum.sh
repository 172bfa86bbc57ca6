# Nobody beats the exact Bayes optimum by more than chance allows, four standard errors: an agent
# that does has seen what it must not. Of all committed tables with a line of the optimum, on the
# same luck.
root=$HERE/../../..
cat "$root"/results/tables/bandits*.pairs.md |
  awk -F '|' '
    function trim(text) { gsub(/^ +| +$|\*/, "", text); return text }
    trim($3) == "optimal" || trim($4) == "optimal" {
      split(trim($6), part, " ± ")
      lead = trim($3) == "optimal" ? -part[1] : part[1]
      lines += 1
      if (lead > 4 * part[2] / 1.96) { print "beats the optimum:" $0; wrong = 1 }
    }
    END { if (lines < 20) print "want lines of the optimum, have " lines + 0; exit wrong || lines < 20 }'
