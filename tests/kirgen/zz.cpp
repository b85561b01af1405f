#include "kirgen/kirgen_text.h"
#include <fstream>
#include <iostream>
#include <sstream>
TEST(ZZ, Print) {
  std::ifstream in("/tmp/k/kz.py"); std::string line, body, sig;
  auto flush=[&]{ if(!body.empty()) std::cout << "-----\n" << body << kjit::test::kir_text(body, sig, "f", getenv("BC")!=nullptr) << "\n"; body.clear(); };
  while (std::getline(in,line)) { if (line.rfind("#>",0)==0) { flush(); sig=line.substr(2);} else body += line+"\n"; }
  flush();
}
