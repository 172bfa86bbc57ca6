#include <numeric>

#include "autograd/ops.hpp"

namespace attune {

Var reshape(const Var& x, const Shape& shape) {
  return record("reshape", x.value().reshaped(shape), {x},
                [from = x.shape()](const Var&, const Var& g, const Needed&) {
                  return Vars{reshape(g, from)};
                });
}

Var permute(const Var& x, const std::vector<std::size_t>& order) {
  return record("permute", kernel::permute(x.value(), order), {x},
                [order](const Var&, const Var& g, const Needed&) {
                  std::vector<std::size_t> back(order.size());
                  for (std::size_t i = 0; i < order.size(); ++i) back[order[i]] = i;
                  return Vars{permute(g, back)};
                });
}

Var transpose(const Var& x) {
  const std::size_t rank = x.shape().rank();
  if (rank < 2) throw Error("transpose: want rank 2 or more, have shape " + x.shape().text());
  std::vector<std::size_t> order(rank);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::swap(order[rank - 1], order[rank - 2]);
  return permute(x, order);
}

Var slice(const Var& x, std::size_t axis, std::size_t begin, std::size_t end) {
  return record(
      "slice", kernel::slice(x.value(), axis, begin, end), {x},
      [axis, begin, after = x.shape()[axis] - end](const Var&, const Var& g, const Needed&) {
        return Vars{pad(g, axis, begin, after)};
      });
}

Var pad(const Var& x, std::size_t axis, std::size_t before, std::size_t after) {
  return record(
      "pad", kernel::pad(x.value(), axis, before, after), {x},
      [axis, before, end = before + x.shape()[axis]](const Var&, const Var& g, const Needed&) {
        return Vars{slice(g, axis, before, end)};
      });
}

Var concat(const Vars& parts, std::size_t axis) {
  std::vector<Array> values;
  std::vector<std::size_t> extents;
  for (const Var& part : parts) {
    values.push_back(part.value());
    extents.push_back(part.shape()[axis]);
  }
  return record("concat", kernel::concat(values, axis), parts,
                [extents, axis](const Var&, const Var& g, const Needed& needed) {
                  Vars gradients;
                  std::size_t begin = 0;
                  for (std::size_t i = 0; i < extents.size(); ++i) {
                    const std::size_t end = begin + extents[i];
                    gradients.push_back(needed[i] ? slice(g, axis, begin, end) : Var());
                    begin = end;
                  }
                  return gradients;
                });
}

Var gather(const Var& x, const Indices& rows) {
  return record("gather", kernel::gather(x.value(), rows), {x},
                [rows, extent = x.shape()[0]](const Var&, const Var& g, const Needed&) {
                  return Vars{scatter_add(g, rows, extent)};
                });
}

Var scatter_add(const Var& g, const Indices& rows, std::size_t extent) {
  return record("scatter_add", kernel::scatter_add(g.value(), rows, extent), {g},
                [rows](const Var&, const Var& h, const Needed&) { return Vars{gather(h, rows)}; });
}

Var take_last(const Var& x, const Indices& index) {
  return record("take_last", kernel::take_last(x.value(), index), {x},
                [index, extent = x.shape().back()](const Var&, const Var& g, const Needed&) {
                  return Vars{put_last(g, index, extent)};
                });
}

Var put_last(const Var& g, const Indices& index, std::size_t extent) {
  return record(
      "put_last", kernel::put_last(g.value(), index, extent), {g},
      [index](const Var&, const Var& h, const Needed&) { return Vars{take_last(h, index)}; });
}

Var to_blocked(const Var& x) {
  return record("to_blocked", kernel::to_blocked(x.value()), {x},
                [](const Var&, const Var& g, const Needed&) { return Vars{from_blocked(g)}; });
}

Var from_blocked(const Var& x) {
  return record("from_blocked", kernel::from_blocked(x.value()), {x},
                [](const Var&, const Var& g, const Needed&) { return Vars{to_blocked(g)}; });
}

}  // namespace attune
