// Marks what libkjit exports.
#pragma once
#define KJIT_API __attribute__((visibility("default")))
