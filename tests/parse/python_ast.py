"""Writes CPython's tree of Python files in the form of kjit's dump_ast, for comparison.

usage: python_ast.py OUTPUT_FOLDER FILE...   writes OUTPUT_FOLDER/<index>.txt per file; a file that CPython rejects gives
a file that begins with "SyntaxError".
"""
import ast
import sys
import warnings

BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
          ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^", ast.MatMult: "@"}
UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
COMPARE = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
           ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"}
UNSUPPORTED = {ast.Dict: "a dict", ast.Set: "a set", ast.DictComp: "a dict comprehension", ast.SetComp: "a set comprehension",
               ast.GeneratorExp: "a generator expression", ast.Yield: "'yield'", ast.YieldFrom: "'yield'",
               ast.Await: "'await'", ast.NamedExpr: "':='"}
UNSUPPORTED_STMT = {ast.ClassDef: "a class", ast.Try: "'try'", ast.TryStar: "'try'", ast.With: "'with'",
                    ast.AsyncFor: "'async'", ast.AsyncWith: "'async'", ast.AsyncFunctionDef: "'async'", ast.Delete: "'del'",
                    ast.Global: "'global'", ast.Nonlocal: "'nonlocal'", ast.Match: "'match'"}


def quoted(text):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    out = '"'
    for byte in data:
        if byte in b'"\\':
            out += "\\" + chr(byte)
        elif 0x20 <= byte < 0x7F:
            out += chr(byte)
        else:
            out += "\\x%02x" % byte
    return out + '"'


def exact(value):
    """A double as fmt's {:a} writes it."""
    if value == float("inf"):
        return "inf"
    text = float.hex(value)
    mantissa, exponent = text.split("p")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return mantissa + "p" + exponent if value else "0x0p+0"


class Dumper:
    def __init__(self, source):
        self.lines = source.splitlines(keepends=True)
        self.bytes = [line.encode("utf-8", "surrogatepass") for line in self.split(source)]
        self.out = ["Module"]
        self.depth = 1

    @staticmethod
    def split(source):
        return source.split("\n")

    def column(self, line, offset):
        return len(self.bytes[line - 1][:offset].decode("utf-8", "surrogatepass")) + 1

    def place(self, node):
        return "@%d:%d-%d:%d" % (node.lineno, self.column(node.lineno, node.col_offset), node.end_lineno,
                                 self.column(node.end_lineno, node.end_col_offset))

    def text(self, node):
        lines = self.bytes[node.lineno - 1:node.end_lineno]
        lines[-1] = lines[-1][:node.end_col_offset]
        lines[0] = lines[0][node.col_offset:]
        return b"\n".join(lines).decode("utf-8", "surrogatepass")

    def line(self, label, text):
        self.out.append("  " * self.depth + label + ": " + text)

    def items(self, label, nodes):
        for node in nodes:
            self.node(label, node)

    def node(self, label, node):
        if node is None:
            return
        kind = type(node)
        if kind in UNSUPPORTED:
            return self.line(label, "Unsupported %s %s" % (quoted(UNSUPPORTED[kind]), self.place(node)))
        if kind in UNSUPPORTED_STMT:
            return self.line(label, "UnsupportedStmt %s %s" % (quoted(UNSUPPORTED_STMT[kind]), self.place(node)))
        named = kind is ast.Constant and isinstance(node.value, str) or kind is ast.JoinedStr
        if named and "\\N{" in self.text(node):
            return self.line(label, 'Unsupported "a character name (\\\\N) in a string" ' + self.place(node))
        if kind is ast.ListComp and any(g.is_async for g in node.generators):
            return self.line(label, 'Unsupported "an asynchronous comprehension" ' + self.place(node))
        name, detail = self.head(node)
        self.line(label, "%s%s%s %s" % (name, " " if detail else "", detail, self.place(node)))
        self.depth += 1
        self.children(node)
        self.depth -= 1

    def head(self, node):
        kind = type(node)
        name = {ast.Expr: "ExprStmt"}.get(kind, kind.__name__)
        detail = ""
        if kind is ast.Name:
            detail = node.id
        elif kind is ast.Constant:
            detail = self.constant(node.value)
        elif kind is ast.BinOp:
            detail = BINARY[type(node.op)]
        elif kind is ast.UnaryOp:
            detail = UNARY[type(node.op)]
        elif kind is ast.BoolOp:
            detail = "and" if isinstance(node.op, ast.And) else "or"
        elif kind is ast.Compare:
            detail = ", ".join(COMPARE[type(op)] for op in node.ops)
        elif kind is ast.Attribute:
            detail = node.attr
        elif kind is ast.FunctionDef:
            detail = node.name
        elif kind is ast.AugAssign:
            detail = BINARY[type(node.op)] + "="
        elif kind is ast.Import:
            detail = self.aliases(node.names)
        elif kind is ast.ImportFrom:
            detail = "." * node.level + (node.module or "") + ": " + self.aliases(node.names)
        return name, detail

    @staticmethod
    def aliases(names):
        return ", ".join(a.name + (" as " + a.asname if a.asname else "") for a in names)

    @staticmethod
    def constant(value):
        if value is None or value is True or value is False:
            return str(value)
        if value is ...:
            return "..."
        if isinstance(value, int):
            return "int %d" % value if value < 2**64 else "int too big"
        if isinstance(value, float):
            return "float " + exact(value)
        if isinstance(value, complex):
            return "imag " + exact(value.imag)
        return ("str " if isinstance(value, str) else "bytes ") + quoted(value)

    def children(self, node):
        method = getattr(self, "on_" + type(node).__name__, None)
        if method:
            method(node)
            return
        for field, label in FIELDS.get(type(node), ()):
            value = getattr(node, field)
            if isinstance(value, list):
                self.items(label, value)
            else:
                self.node(label, value)

    def on_Call(self, node):
        self.node("func", node.func)
        self.items("arg", node.args)
        for keyword in node.keywords:
            self.node("keyword " + keyword.arg if keyword.arg else "**", keyword.value)

    def on_ListComp(self, node):
        self.node("element", node.elt)
        for loop in node.generators:
            self.node("target", loop.target)
            self.node("iter", loop.iter)
            self.items("if", loop.ifs)

    def on_JoinedStr(self, node):
        for part in node.values:
            if isinstance(part, ast.Constant):
                self.line("text", quoted(part.value))
                continue
            conversion = " !" + chr(part.conversion) if part.conversion != -1 else ""
            value = part.value
            if isinstance(value, ast.Tuple) and self.bytes[value.lineno - 1][value.col_offset:][:1] == b"{":
                value.col_offset += 1  # CPython 3.11 counts the braces as the tuple's parentheses
                value.end_col_offset -= 1
            self.node("field" + conversion, value)
            if part.format_spec:  # without its place, which is that of the whole string in CPython 3.11
                self.line("format", "JoinedStr")
                self.depth += 1
                self.on_JoinedStr(part.format_spec)
                self.depth -= 1

    def on_Lambda(self, node):
        self.parameters(node.args)
        self.node("body", node.body)

    def on_FunctionDef(self, node):
        self.items("decorator", node.decorator_list)
        self.parameters(node.args)
        self.node("returns", node.returns)
        self.items("body", node.body)

    def parameter(self, label, node, default=None):
        end = node.col_offset + len(node.arg.encode())
        line = node.lineno
        self.line(label, "%s @%d:%d-%d:%d" % (node.arg, line, self.column(line, node.col_offset), line, self.column(line, end)))
        self.depth += 1
        self.node("annotation", node.annotation)
        self.node("default", default)
        self.depth -= 1

    def parameters(self, node):
        positional = node.posonlyargs + node.args
        defaults = [None] * (len(positional) - len(node.defaults)) + node.defaults
        for i, (item, default) in enumerate(zip(positional, defaults)):
            self.parameter("positional" if i < len(node.posonlyargs) else "parameter", item, default)
        if node.vararg:
            self.parameter("*", node.vararg)
        for item, default in zip(node.kwonlyargs, node.kw_defaults):
            self.parameter("keyword", item, default)
        if node.kwarg:
            self.parameter("**", node.kwarg)


FIELDS = {
    ast.BinOp: [("left", "left"), ("right", "right")],
    ast.UnaryOp: [("operand", "operand")],
    ast.BoolOp: [("values", "value")],
    ast.Compare: [("left", "left"), ("comparators", "right")],
    ast.IfExp: [("test", "test"), ("body", "body"), ("orelse", "orelse")],
    ast.Attribute: [("value", "value")],
    ast.Subscript: [("value", "value"), ("slice", "index")],
    ast.Slice: [("lower", "lower"), ("upper", "upper"), ("step", "step")],
    ast.Tuple: [("elts", "element")],
    ast.List: [("elts", "element")],
    ast.Starred: [("value", "value")],
    ast.Return: [("value", "value")],
    ast.Assign: [("targets", "target"), ("value", "value")],
    ast.AugAssign: [("target", "target"), ("value", "value")],
    ast.AnnAssign: [("target", "target"), ("annotation", "annotation"), ("value", "value")],
    ast.For: [("target", "target"), ("iter", "iter"), ("body", "body"), ("orelse", "orelse")],
    ast.While: [("test", "test"), ("body", "body"), ("orelse", "orelse")],
    ast.If: [("test", "test"), ("body", "body"), ("orelse", "orelse")],
    ast.Expr: [("value", "value")],
    ast.Raise: [("exc", "exception"), ("cause", "cause")],
    ast.Assert: [("test", "test"), ("msg", "message")],
}


class ChunkSizes(ast.NodeTransformer):
    """`with parallel_chunksize(n):` as kjit's tree has it: calls before and after the block."""

    def __init__(self, source):
        self.lines = source.encode("utf-8", "surrogatepass").split(b"\n")

    def visit_With(self, node):
        self.generic_visit(node)
        head = node.items[0].context_expr
        name = getattr(head.func, "id", getattr(head.func, "attr", "")) if isinstance(head, ast.Call) else ""
        if len(node.items) > 1 or node.items[0].optional_vars or name != "parallel_chunksize" or len(head.args) != 1 or head.keywords:
            return node

        def at_head(made):
            return ast.copy_location(made, head)

        def call(size, entered):
            flag = ast.keyword("entered", at_head(ast.Constant(entered)))
            return at_head(ast.Call(head.func, [size], [flag]))

        begin = sum(len(line) + 1 for line in self.lines[:node.lineno - 1]) + node.col_offset
        before = at_head(ast.Name("%%chunksize.%d" % begin))
        enter = at_head(ast.Assign([before], call(head.args[0], True)))
        return [enter, *node.body, at_head(ast.Expr(call(before, False)))]


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10000)
    folder = sys.argv[1]
    for index, path in enumerate(sys.argv[2:]):
        data = open(path, "rb").read()
        try:
            tree = ast.parse(data)
            source = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
            dumper = Dumper(source)
            dumper.items("body", ChunkSizes(source).visit(tree).body)
            text = "\n".join(dumper.out) + "\n"
        except (SyntaxError, ValueError) as error:
            text = "SyntaxError %s\n" % error
        with open("%s/%d.txt" % (folder, index), "wb") as out:
            out.write(text.encode("utf-8", "surrogatepass"))


main()
