// The shape of the syntax tree.
#include <gtest/gtest.h>

#include "parse/parse_helpers.h"

namespace kjit::parse_tests {

TEST(Tree, OfAKernel) {
  EXPECT_EQ(dump("def f(x, n=3):\n    for i in range(n):\n        x[i, 1:] += -x[i] ** 2\n    return x\n"),
            R"(Module
  body: FunctionDef f @1:1-4:13
    parameter: x @1:7-1:8
    parameter: n @1:10-1:11
      default: Constant int 3 @1:12-1:13
    body: For @2:5-3:31
      target: Name i @2:9-2:10
      iter: Call @2:14-2:22
        func: Name range @2:14-2:19
        arg: Name n @2:20-2:21
      body: AugAssign += @3:9-3:31
        target: Subscript @3:9-3:17
          value: Name x @3:9-3:10
          index: Tuple @3:11-3:16
            element: Name i @3:11-3:12
            element: Slice @3:14-3:16
              lower: Constant int 1 @3:14-3:15
        value: UnaryOp - @3:21-3:31
          operand: BinOp ** @3:22-3:31
            left: Subscript @3:22-3:26
              value: Name x @3:22-3:23
              index: Name i @3:24-3:25
            right: Constant int 2 @3:30-3:31
    body: Return @4:5-4:13
      value: Name x @4:12-4:13
)");
}

}  // namespace kjit::parse_tests
