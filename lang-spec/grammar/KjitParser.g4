// Syntax of the kernel language: the statements and expressions of Python 3.11 (of `match` the outline only). What kjit does not have is
// parsed all the same, so that the message about it can say what it is and comes only where it is used.
// Labels name what the tree builder reads (compiler/parse/build_*.cpp); it checks what a grammar cannot say, such as targets of
// assignments. Lookahead stays at one or two tokens everywhere, which keeps prediction in SLL mode exact.
parser grammar KjitParser;

options { tokenVocab = KjitLexer; superClass = ParserBase; }

@parser::postinclude {
#include "parse/parser_base.h"
}

file : body+=statement* EOF;

// The inside of one replacement field of an f-string.
field : value=assigned EOF;

// ---------------------------------------------------------------------------------------------------------- statements

statement
    : simple=simple_line
    | if_=if_statement
    | for_=for_statement
    | while_=while_statement
    | function=function_definition
    | class_=class_definition
    | decorated_=decorated_definition
    | try_=try_statement
    | with_=with_statement
    | async_=async_statement
    | match_=match_statement
    ;

simple_line : items+=simple_statement (SEMICOLON items+=simple_statement)* SEMICOLON? NEWLINE;

simple_statement
    : expression_=expression_statement
    | kind=RETURN value=star_expressions?
    | kind=PASS
    | kind=BREAK
    | kind=CONTINUE
    | kind=RAISE (test=expression (FROM second=expression)?)?
    | kind=ASSERT test=expression (COMMA second=expression)?
    | kind=IMPORT modules+=module_alias (COMMA modules+=module_alias)*
    | kind=FROM from=import_from
    | kind=DEL targets=target_list
    | kind=GLOBAL NAME (COMMA NAME)*
    | kind=NONLOCAL NAME (COMMA NAME)*
    ;

expression_statement
    : first=assigned
      ( colon=COLON annotation=expression (ASSIGN value=assigned)?
      | op=( PLUS_ASSIGN | MINUS_ASSIGN | STAR_ASSIGN | SLASH_ASSIGN | DOUBLE_SLASH_ASSIGN | PERCENT_ASSIGN | AT_ASSIGN
           | POWER_ASSIGN | LEFT_SHIFT_ASSIGN | RIGHT_SHIFT_ASSIGN | AND_ASSIGN | OR_ASSIGN | XOR_ASSIGN )
        value=assigned
      | (equals+=ASSIGN more+=assigned)*
      )
    ;

assigned : yield_=yield_expression | items=star_expressions;

module_alias : name=dotted_name (AS as=NAME)?;
dotted_name : parts+=NAME (DOT parts+=NAME)*;
import_from
    : (dots+=DOT | dots+=ELLIPSIS)* module=dotted_name? IMPORT
      ( star=STAR
      | names+=imported_name (COMMA names+=imported_name)*
      | LEFT_PAREN names+=imported_name (COMMA names+=imported_name)* COMMA? RIGHT_PAREN
      )
    ;
imported_name : name=NAME (AS as=NAME)?;

block : simple=simple_line | NEWLINE INDENT body+=statement+ DEDENT;

if_statement : IF test=expression COLON body=block elifs+=elif_clause* else_=else_clause?;
elif_clause : ELIF test=expression COLON body=block;
else_clause : ELSE COLON body=block;

while_statement : WHILE test=expression COLON body=block else_=else_clause?;

for_statement : FOR targets=target_list IN iter=star_expressions COLON body=block else_=else_clause?;

// What a loop or a comprehension assigns to. Not an expression, in which `in` would be an operator.
target_list : items+=target (commas+=COMMA items+=target)* commas+=COMMA?;
target : star=STAR? base=atom trailers+=trailer*;

decorated_definition
    : decorators+=decorator+ ( function=function_definition | class_=class_definition | async_=async_statement );
decorator : AT value=expression NEWLINE;
function_definition
    : DEF name=NAME LEFT_PAREN parameters=parameter_list? RIGHT_PAREN (ARROW result=expression)? COLON body=block;
parameter_list : items+=parameter (COMMA items+=parameter)* COMMA?;
parameter
    : name=NAME (COLON annotation=expression)? (ASSIGN default_=expression)?
    | kind=SLASH
    | kind=STAR (name=NAME (COLON star_annotation=star_expression)?)?
    | kind=POWER name=NAME (COLON annotation=expression)?
    ;

class_definition : CLASS name=NAME (LEFT_PAREN arguments=argument_list? RIGHT_PAREN)? COLON body=block;

try_statement
    : TRY COLON body=block
      ( handlers+=except_clause+ else_=else_clause? finally_=finally_clause? | finally_=finally_clause )
    ;
except_clause : EXCEPT STAR? (type=expression (AS NAME)?)? COLON body=block;
finally_clause : FINALLY COLON body=block;

with_statement
    : WITH ( items+=with_item (COMMA items+=with_item)* | LEFT_PAREN items+=with_item (COMMA items+=with_item)* COMMA? RIGHT_PAREN ) COLON body=block;
with_item : value=expression (alias=AS target)?;

// The patterns are dropped before parsing.
match_statement : MATCH subject=star_expressions COLON NEWLINE INDENT cases+=case_clause+ DEDENT;
case_clause : CASE COLON body=block;

async_statement : ASYNC ( function=function_definition | with_=with_statement | for_=for_statement );

// --------------------------------------------------------------------------------------------------------- expressions

star_expressions : items+=star_expression (commas+=COMMA items+=star_expression)* commas+=COMMA?;
star_expression : star=STAR operand=operation | value=expression;

yield_expression : YIELD (FROM from=expression | value=star_expressions)?;

expression
    : value=logical (IF test=logical ELSE orelse=expression)?
    | name=NAME WALRUS walrus=expression
    | lambda_=lambda_expression
    ;

lambda_expression : LAMBDA parameters=lambda_parameters? COLON body=expression;
lambda_parameters : items+=lambda_parameter (COMMA items+=lambda_parameter)* COMMA?;
lambda_parameter : name=NAME (ASSIGN default_=expression)? | kind=SLASH | kind=STAR name=NAME? | kind=POWER name=NAME;

// Alternatives bind more tightly the earlier they stand.
logical
    : value=operation
    | op=NOT right=logical
    | left=logical op=AND right=logical
    | left=logical op=OR right=logical
    ;

operation
    : await=AWAIT? base=atom trailers+=trailer*
    | <assoc=right> left=operation op=POWER right=operation
    | op=( PLUS | MINUS | TILDE ) right=operation
    | left=operation op=( STAR | SLASH | DOUBLE_SLASH | PERCENT | AT ) right=operation
    | left=operation op=( PLUS | MINUS ) right=operation
    | left=operation op=( LEFT_SHIFT | RIGHT_SHIFT ) right=operation
    | left=operation op=AMPERSAND right=operation
    | left=operation op=CARET right=operation
    | left=operation op=BAR right=operation
    | left=operation
      ( op=( LESS | GREATER | LESS_EQUAL | GREATER_EQUAL | EQUAL | NOT_EQUAL | IN ) | op=IS second=NOT? | op=NOT second=IN )
      right=operation
    ;

trailer
    : kind=DOT name=NAME
    | kind=LEFT_PAREN arguments=argument_list? close=RIGHT_PAREN
    | kind=LEFT_BRACKET index=subscript_list close=RIGHT_BRACKET
    ;

argument_list : items+=argument (COMMA items+=argument)* COMMA?;
argument
    : name=NAME ASSIGN value=expression
    | kind=( STAR | POWER ) value=expression
    | value=expression loops+=comprehension_loop*
    ;

subscript_list : items+=subscript (commas+=COMMA items+=subscript)* commas+=COMMA?;
subscript : value=expression slice=slice_rest? | slice=slice_rest | star=STAR operand=operation;
slice_rest : COLON upper=expression? (COLON step=expression?)?;

atom
    : name=NAME
    | constant=( INTEGER | FLOAT | IMAGINARY | NONE | TRUE | FALSE | ELLIPSIS )
    | ( strings+=STRING | strings+=FORMAT_STRING )+
    | open=LEFT_PAREN ( yield_=yield_expression | list=display )? close=RIGHT_PAREN
    | open=LEFT_BRACKET list=display? close=RIGHT_BRACKET
    | open=LEFT_BRACE braces=brace_display? close=RIGHT_BRACE
    ;

display : items+=star_expression ( loops+=comprehension_loop+ | (commas+=COMMA items+=star_expression)* commas+=COMMA? );
brace_display
    : items+=brace_item ( loops+=comprehension_loop+ | (COMMA items+=brace_item)* COMMA? );
brace_item : kind=POWER operand=operation | key=star_expression (kind=COLON value=expression)?;

comprehension_loop : async=ASYNC? FOR targets=target_list IN iter=logical (IF conditions+=logical)*;
