// np.einsum: a view, a matrix product, or loops over all labels.
#include "sema/einsum.h"

#include <kjit_rt/abi.h>

#include <algorithm>

#include "kirgen/builtins_support.h"

namespace kjit::kirgen::emit {

namespace {

using Label = uint32_t;
using Labels = std::vector<Label>;

bool contains(const Labels& labels, Label label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

bool has_repeats(const Labels& labels) {
  for (size_t i = 0; i < labels.size(); ++i) {
    if (std::count(labels.begin(), labels.end(), labels[i]) > 1) return true;
  }
  return false;
}

struct Contraction {
  Product p;
  sema::Einsum spec;
  std::vector<ExprRef> operands;
  std::vector<ExprRef> lengths;  // by label

  Builder& b() const { return p.b; }
  ExprRef length_of(const Labels& labels) const {
    ExprRef n = b().const_int(1);
    for (Label l : labels) n = b().binary(Op::Mul, n, lengths[l]);
    return b().reuse(n);
  }
  std::vector<ExprRef> shape_of(const Labels& labels) const {
    std::vector<ExprRef> shape;
    for (Label l : labels) shape.push_back(lengths[l]);
    return shape;
  }
};

// The length of each label; ValueError where two axes of one label differ.
void find_lengths(Contraction& c) {
  Builder& b = c.b();
  c.lengths.assign(c.spec.labels, nullptr);
  for (size_t i = 0; i < c.operands.size(); ++i) {
    for (uint32_t k = 0; k < c.spec.operands[i].size(); ++k) {
      ExprRef& known = c.lengths[c.spec.operands[i][k]];
      ExprRef n = b.reuse(b.dim(c.operands[i], k));
      if (!known) {
        known = n;
        continue;
      }
      b.check(b.compare(Op::Eq, known, n), KJIT_VALUE_ERROR,
              "np.einsum(): an axis of operand {0} has length {1}, another axis of its label {2}",
              {b.const_int(static_cast<int64_t>(i)), n, known});
    }
  }
}

// The axes of an array in the order of `labels`; those of one label together are its diagonal.
ExprRef view_of(const Contraction& c, ExprRef array, const Labels& axes, const Labels& labels) {
  Builder& b = c.b();
  if (labels == axes) return array;
  std::vector<ExprRef> args{array, b.const_int(0)};
  for (Label l : labels) args.push_back(c.lengths[l]);
  for (Label l : labels) {
    ExprRef sum = nullptr;
    for (uint32_t k = 0; k < axes.size(); ++k) {
      if (axes[k] != l) continue;
      kir::Expr* stride = b.node(Op::Stride, b.types.int64(), {array});
      stride->index = k;
      sum = sum ? b.binary(Op::Add, sum, stride) : stride;
    }
    args.push_back(b.reuse(sum));
  }
  TypeRef type = b.types.array(array->type->scalar, static_cast<int>(labels.size()), Layout::A, array->type->readonly);
  return b.var(b.spill(b.node(Op::MakeView, type, std::move(args))));
}

// --- two arrays by the product of matrices

struct Groups {
  Labels batch, left, inner, right;
};

// Whether the labels of two operands make a product of (stacks of) matrices.
bool group(const sema::Einsum& spec, Groups& g) {
  if (spec.operands.size() != 2 || has_repeats(spec.operands[0]) || has_repeats(spec.operands[1])) return false;
  for (Label l : spec.operands[0]) {
    const bool shared = contains(spec.operands[1], l);
    if (!shared && spec.summed(l)) return false;
    (!shared ? g.left : spec.summed(l) ? g.inner : g.batch).push_back(l);
  }
  for (Label l : spec.operands[1]) {
    if (contains(spec.operands[0], l)) continue;
    if (spec.summed(l)) return false;
    g.right.push_back(l);
  }
  return !g.inner.empty() && !g.left.empty() && (!g.right.empty() || g.batch.empty());
}

Labels joined(const Labels& a, const Labels& b, const Labels& c = {}) {
  Labels out = a;
  out.insert(out.end(), b.begin(), b.end());
  out.insert(out.end(), c.begin(), c.end());
  return out;
}

// `array` as a stack of matrices whose rows are `rows`; a vector where there are no columns.
ExprRef as_matrices(const Contraction& c, size_t operand, const Labels& batch, const Labels& rows,
                    const Labels& columns) {
  Builder& b = c.b();
  ExprRef array = view_of(c, c.operands[operand], c.spec.operands[operand], joined(batch, rows, columns));
  if (rows.size() == 1 && columns.size() <= 1) return array;
  array = row_major(b, array);
  std::vector<ExprRef> shape = c.shape_of(batch);
  shape.push_back(c.length_of(rows));
  if (!columns.empty()) shape.push_back(c.length_of(columns));
  TypeRef type = b.types.array(array->type->scalar, static_cast<int>(shape.size()), Layout::C, array->type->readonly);
  return b.var(b.spill(contiguous_view(b, array, type, shape)));
}

ExprRef by_matrices(const Contraction& c, const Groups& g) {
  Builder& b = c.b();
  ExprRef x = as_matrices(c, 0, g.batch, g.left, g.inner);
  ExprRef y = as_matrices(c, 1, g.batch, g.inner, g.right);
  ExprRef made = b.reuse(matrix_product(c.p, x, y));
  const Labels axes = joined(g.batch, g.left, g.right);
  if (g.left.size() > 1 || g.right.size() > 1) {
    TypeRef type = b.types.array(c.p.t->scalar, static_cast<int>(axes.size()), Layout::C);
    made = b.var(b.spill(contiguous_view(b, made, type, c.shape_of(axes))));
  }
  return view_of(c, made, axes, c.spec.output);
}

// --- loops

// The label to run through last: the last axis of most arrays, the result among them.
Label innermost(const sema::Einsum& spec) {
  Label best = 0;
  int64_t most = -1;
  for (Label l = 0; l < spec.labels; ++l) {
    int64_t votes = !spec.output.empty() && spec.output.back() == l ? 1 : 0;
    for (const Labels& axes : spec.operands) votes += !axes.empty() && axes.back() == l ? 1 : 0;
    if (votes > most) best = l, most = votes;
  }
  return best;
}

ExprRef element(const Contraction& c, const std::vector<ExprRef>& index) {
  Builder& b = c.b();
  ExprRef product = nullptr;
  for (size_t i = 0; i < c.operands.size(); ++i) {
    std::vector<ExprRef> at;
    for (Label l : c.spec.operands[i]) at.push_back(index[l]);
    ExprRef x = c.operands[i]->type->is_array() ? b.load(c.operands[i], std::move(at)) : c.operands[i];
    product = product ? c.p.times(product, x) : b.cast(x, c.p.t);
  }
  return product;
}

void loops(const Contraction& c, const Labels& labels, size_t from, std::vector<ExprRef>& index,
           const std::function<void()>& body) {
  if (from == labels.size()) return body();
  Builder& b = c.b();
  b.for_range(b.const_int(0), c.lengths[labels[from]], b.const_int(1), [&](VarId i) {
    index[labels[from]] = b.var(i);
    loops(c, labels, from + 1, index, body);
  });
}

// Sums in a variable where the innermost label is one that is summed, else in the result, row after row.
ExprRef by_loops(const Contraction& c) {
  Builder& b = c.b();
  const Label last = innermost(c.spec);
  Labels sums, all = c.spec.output;
  for (Label l = 0; l < c.spec.labels; ++l) {
    if (c.spec.summed(l) && l != last) sums.push_back(l);
  }
  std::vector<ExprRef> index(c.spec.labels, nullptr);
  const auto sum = [&](const Labels& labels) {
    const VarId total = b.spill(c.p.zero());
    loops(c, labels, 0, index, [&] {
      kir::Stmt* add = b.stmt(kir::StmtKind::Assign);
      add->var = total, add->expr = c.p.plus(b.var(total), element(c, index)), add->loose = true;
    });
    return b.var(total);
  };
  const bool sums_last = c.spec.labels > 0 && c.spec.summed(last);
  if (sums_last) sums.push_back(last);
  if (c.spec.output.empty()) return sum(sums);
  TypeRef type = b.types.array(c.p.t->scalar, static_cast<int>(c.spec.output.size()), Layout::C);
  const bool in_place = !sums_last && !sums.empty();
  ExprRef out = b.var(b.alloc(type, c.shape_of(c.spec.output), in_place ? kir::Fill::Zeros : kir::Fill::None));
  const auto place = [&] {
    std::vector<ExprRef> at;
    for (Label l : c.spec.output) at.push_back(index[l]);
    return at;
  };
  if (!in_place) {
    loops(c, c.spec.output, 0, index, [&] { b.store(out, place(), sums.empty() ? element(c, index) : sum(sums)); });
    return out;
  }
  all.erase(std::find(all.begin(), all.end(), last));
  all = joined(all, sums, {last});
  loops(c, all, 0, index, [&] { b.store(out, place(), c.p.plus(b.load(out, place()), element(c, index))); });
  return out;
}

ExprRef contracted(const Contraction& c) {
  if (c.spec.is_view() && c.operands[0]->type->is_array())
    return view_of(c, c.operands[0], c.spec.operands[0], c.spec.output);
  Groups groups;
  return group(c.spec, groups) ? by_matrices(c, groups) : by_loops(c);
}

}  // namespace

ExprRef einsum(CallEmitter& call) {
  Builder& b = call.b;
  const size_t count = call.args.size() - 3;
  TypeRef result = b.machine(call.result);
  Contraction c{{b, b.types.scalar(result->scalar)}, {}, {}, {}};
  std::vector<uint32_t> ranks;
  for (size_t i = 1; i <= count; ++i) {
    c.operands.push_back(b.reuse(value(call, i)));
    ranks.push_back(c.operands.back()->type->is_array() ? c.operands.back()->type->rank : 0);
  }
  std::string error;
  sema::parse_einsum(argument_type(call, 0)->text, ranks, c.spec, error);  // typing has seen that it is right
  find_lengths(c);
  ExprRef made = contracted(c);
  if (made->type->is_array() && made->type->rank == 0) made = b.load(made, {});
  if (absent(call, count + 1)) return b.cast(made, result);
  ExprRef out = b.reuse(value(call, count + 1));
  if (!made->type->is_array()) {
    b.store(out, {}, made);
    return out;
  }
  made = b.reuse(made);
  for (uint32_t k = 0; k < out->type->rank; ++k) {
    b.check(b.compare(Op::Eq, b.dim(out, k), b.dim(made, k)), KJIT_VALUE_ERROR,
            "np.einsum(): out has length {0} along axis {1}, the result {2}",
            {b.dim(out, k), b.const_int(k), b.dim(made, k)});
  }
  kir::Stmt* copy = b.stmt(kir::StmtKind::CopyArray);
  copy->array = out, copy->expr = made;
  return out;
}

}  // namespace kjit::kirgen::emit
