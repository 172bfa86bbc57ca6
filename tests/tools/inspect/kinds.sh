# --kinds lists every registry, sorted, three columns; and ends quietly in a pipe.
"$BIN/attune-inspect" --kinds > kinds.tsv
[ "$(head -1 kinds.tsv)" = $'registry\tname\tsummary' ]
[ -z "$(awk -F '\t' 'NF != 3 || $3 == ""' kinds.tsv)" ]
for kind in reader/omniglot reader/glyphs reader/images reader/table pair_reader/numbers pair_reader/pairs pair_reader/scan translator/analogy translator/copy_nearest translation_model/lstm translation_model/seq2seq translation_model/transformer encoder/conv4 encoder/r2d2 encoder/mlp \
  score/additive score/bilinear score/cosine score/dot score/scaled_dot score/squared_euclidean \
  normaliser/argmax normaliser/entmax15 normaliser/gumbel normaliser/reinforce normaliser/softmax \
  normaliser/sparsemax normaliser/top_k normaliser/uniform structure/causal structure/cross \
  structure/full_context structure/graph structure/linear structure/multi_head \
  structure/set_to_set structure/tiled structure/windowed learner/matching learner/prototypical \
  learner/nearest_neighbour learner/anp learner/cnp learner/gnn learner/relation learner/ridge \
  learner/transfer learner/logistic_regression learner/anil learner/fomaml learner/maml learner/meta_sgd learner/reptile \
  optimiser/adam optimiser/sgd schedule/constant schedule/halving \
  schedule/cosine task/classification task/control task/translation environment/bandit environment/mdp \
  bandit_policy/gittins bandit_policy/optimal mdp_policy/psrl memory/gru memory/transformer; do
  grep -qP "^${kind/\//\\t}\t" kinds.tsv || { echo "missing $kind"; exit 1; }
done
[ "$(tail -n +2 kinds.tsv | cut -f 1 | uniq | paste -sd' ')" = \
  "reader pair_reader encoder score normaliser structure learner translator translation_model optimiser schedule task environment bandit_policy mdp_policy memory" ]
for registry in reader score; do
  grep "^$registry" kinds.tsv | cut -f 2 | sort -c
done
"$BIN/attune-inspect" --kinds 2> stderr | head -1 > /dev/null
[ ! -s stderr ]
if "$BIN/attune-inspect" --kinds > /dev/full 2> stderr; then exit 1; fi
grep -q 'attune-inspect: error: ' stderr
