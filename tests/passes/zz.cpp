#include "passes/borrow.h"
#include "passes/ranges.h"
#include "passes/pass_text.h"
#include <fstream>
#include <iostream>
TEST(ZZ, Print) {
  std::ifstream in("/tmp/k/kp.py"); std::string line, body, sig;
  auto flush=[&]{ if(!body.empty()) std::cout << "-----\n" << body << kjit::test::after_passes(body, sig, {kjit::passes::ranges, kjit::passes::borrow}, getenv("BC")!=nullptr) << "\n"; body.clear(); };
  while (std::getline(in,line)) { if (line.rfind("#>",0)==0) { flush(); sig=line.substr(2);} else body += line+"\n"; }
  flush();
}
