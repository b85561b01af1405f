// Which characters a name may hold.
#pragma once

namespace kjit::parse {

// As in Python 3.11: XID_Start or '_', then XID_Continue (Unicode 14; names are compared as written, without NFKC).
bool starts_identifier(char32_t c);
bool continues_identifier(char32_t c);

}  // namespace kjit::parse
