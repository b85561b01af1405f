// Tokens of the kernel language: those of Python 3.11. The characters are bytes of UTF-8 text.
// Indentation, joined lines inside brackets, the inside of strings and what may follow a number are the business of the base
// class (compiler/parse/lexer_base.h), which the actions call.
lexer grammar KjitLexer;

options { superClass = LexerBase; }

// MATCH and CASE are names unless they stand where a match statement can; the tokens are sorted out after lexing.
tokens { INDENT, DEDENT, MATCH, CASE }

@lexer::postinclude {
#include "parse/lexer_base.h"
}

FALSE : 'False';
NONE : 'None';
TRUE : 'True';
AND : 'and';
AS : 'as';
ASSERT : 'assert';
ASYNC : 'async';
AWAIT : 'await';
BREAK : 'break';
CLASS : 'class';
CONTINUE : 'continue';
DEF : 'def';
DEL : 'del';
ELIF : 'elif';
ELSE : 'else';
EXCEPT : 'except';
FINALLY : 'finally';
FOR : 'for';
FROM : 'from';
GLOBAL : 'global';
IF : 'if';
IMPORT : 'import';
IN : 'in';
IS : 'is';
LAMBDA : 'lambda';
NONLOCAL : 'nonlocal';
NOT : 'not';
OR : 'or';
PASS : 'pass';
RAISE : 'raise';
RETURN : 'return';
TRY : 'try';
WHILE : 'while';
WITH : 'with';
YIELD : 'yield';

NAME : [A-Za-z_] [A-Za-z0-9_]*;
UNICODE_NAME : [A-Za-z_\u0080-\u00FF] [A-Za-z0-9_\u0080-\u00FF]* { onUnicodeName(); } -> type(NAME);

INTEGER
    : ( [1-9] ('_'? [0-9])* | '0' ('_'? '0')* | '0' [xX] ('_'? [0-9a-fA-F])+ | '0' [oO] ('_'? [0-7])+ | '0' [bB] ('_'? [01])+ )
      { onNumber(); }
    ;
FLOAT : ( Digits Exponent | Point Exponent? ) { onNumber(); };
IMAGINARY : ( Digits | Digits Exponent | Point Exponent? ) [jJ] { onNumber(); };

fragment Digits : [0-9] ('_'? [0-9])*;
fragment Point : Digits '.' Digits? | '.' Digits;
fragment Exponent : [eE] [+-]? Digits;

// Only the prefix and the first quote are matched here.
STRING : ( [rR] [bB]? | [bB] [rR]? | [uU] )? ["'] { onString(); };
FORMAT_STRING : ( [fF] [rR]? | [rR] [fF] ) ["'] { onString(); };

LEFT_PAREN : '(' { onOpen(); };
RIGHT_PAREN : ')' { onClose(); };
LEFT_BRACKET : '[' { onOpen(); };
RIGHT_BRACKET : ']' { onClose(); };
LEFT_BRACE : '{' { onOpen(); };
RIGHT_BRACE : '}' { onClose(); };

COMMA : ',';
COLON : ':';
WALRUS : ':=';
SEMICOLON : ';';
DOT : '.';
ELLIPSIS : '...';
ARROW : '->';
ASSIGN : '=';
AT : '@';

PLUS : '+';
MINUS : '-';
STAR : '*';
POWER : '**';
SLASH : '/';
DOUBLE_SLASH : '//';
PERCENT : '%';
LEFT_SHIFT : '<<';
RIGHT_SHIFT : '>>';
AMPERSAND : '&';
BAR : '|';
CARET : '^';
TILDE : '~';
LESS : '<';
GREATER : '>';
LESS_EQUAL : '<=';
GREATER_EQUAL : '>=';
EQUAL : '==';
NOT_EQUAL : '!=';

PLUS_ASSIGN : '+=';
MINUS_ASSIGN : '-=';
STAR_ASSIGN : '*=';
SLASH_ASSIGN : '/=';
DOUBLE_SLASH_ASSIGN : '//=';
PERCENT_ASSIGN : '%=';
AT_ASSIGN : '@=';
POWER_ASSIGN : '**=';
LEFT_SHIFT_ASSIGN : '<<=';
RIGHT_SHIFT_ASSIGN : '>>=';
AND_ASSIGN : '&=';
OR_ASSIGN : '|=';
XOR_ASSIGN : '^=';

NEWLINE : ( '\r'? '\n' | '\r' ) { onNewline(); };
SPACE : [ \t\f]+ -> skip;
COMMENT : '#' ~[\r\n]* -> skip;
JOINED_LINE : '\\' ( '\r'? '\n' | '\r' ) { onJoinedLine(); } -> skip;

UNKNOWN : . { onUnknown(); };
