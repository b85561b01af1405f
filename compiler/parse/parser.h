// Text to syntax tree.
#pragma once

#include "parse/ast.h"

namespace kjit::parse {

// Parses a whole file. Findings go to `diagnostics`; returns null when there was an error.
ast::AstPtr parse(const source::SourceFilePtr& file, source::Diagnostics& diagnostics);

// The tokens of the file, one a line: "line:col KIND text" (INDENT and DEDENT included).
std::string dump_tokens(const source::SourceFilePtr& file, source::Diagnostics& diagnostics);

// The tree as text: one node a line, indented, fields by name.
std::string dump_ast(const ast::Ast& ast);

}  // namespace kjit::parse
