// .npy files: the bytes that NumPy writes, read and written; damaged files give errors and nothing else.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>
#include <kjit_rt/format.h>
#include <kjit_rt/npy.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct FileRow {
  kjit_dtype dtype;
  std::vector<int64_t> shape;
  bool column_major;
  std::string_view bytes;
};

#include "tables/npy_tables.inc"

class Npy : public ::testing::Test {
 protected:
  void SetUp() override {
    before_ = kjit_rt_live_blocks();
    std::string pattern = (std::filesystem::temp_directory_path() / "kjit-npy-XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override {
    std::filesystem::remove_all(folder_);
    EXPECT_EQ(kjit_rt_live_blocks(), before_) << "blocks leaked";
  }

  std::string path(const char* name) const { return (folder_ / name).string(); }
  int32_t parse(std::string_view bytes) { return kjit_npy_parse(&ctx_, bytes.data(), bytes.size(), &array_, &kPlace); }

  // Parses bytes that must be refused with this text.
  void expect_refused(std::string_view bytes, const char* message) {
    ASSERT_EQ(parse(bytes), KJIT_VALUE_ERROR);
    EXPECT_EQ(ctx_.error.location, &kPlace);
    EXPECT_EQ(std::string_view(ctx_.error.message), std::string("cannot read the .npy file: ") + message);
  }

  static std::string with_header(std::string_view dictionary) {
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(dictionary.size() & 0xFF);
    bytes += static_cast<char>(dictionary.size() >> 8);
    return bytes.append(dictionary);
  }

  static constexpr kjit_location kPlace = {"script.py", "", 4, 1, 4, 9};
  kjit_ctx ctx_{};
  kjit_npy_array array_{};
  std::filesystem::path folder_;
  int64_t before_ = 0;
};

int64_t count_of(const std::vector<int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_F(Npy, FilesOfNumPyAreRead) {
  for (const auto& row : kFiles) {
    SCOPED_TRACE(row.bytes.substr(10, 70));
    ASSERT_EQ(parse(row.bytes), KJIT_OK) << ctx_.error.message;
    EXPECT_EQ(array_.dtype, row.dtype);
    ASSERT_EQ(array_.rank, static_cast<int32_t>(row.shape.size()));
    EXPECT_TRUE(std::equal(row.shape.begin(), row.shape.end(), array_.shape));
    const int64_t bytes = count_of(row.shape) * kjit_dtype_size(row.dtype);
    EXPECT_EQ(std::string_view(static_cast<const char*>(array_.data), static_cast<size_t>(bytes)),
              row.bytes.substr(row.bytes.size() - static_cast<size_t>(bytes)));
    if (row.shape.size() == 2 && bytes > 0) {
      EXPECT_EQ(array_.strides[row.column_major ? 0 : 1], kjit_dtype_size(row.dtype));
      EXPECT_EQ(array_.strides[row.column_major ? 1 : 0],
                kjit_dtype_size(row.dtype) * row.shape[row.column_major ? 0 : 1]);
    }
    kjit_rt_release(array_.owner);
  }
  for (std::string_view bytes : kNewerFormats) {
    ASSERT_EQ(parse(bytes), KJIT_OK) << ctx_.error.message;
    EXPECT_EQ(static_cast<double*>(array_.data)[1], -2.0);
    kjit_rt_release(array_.owner);
  }
}

TEST_F(Npy, FilesAreWrittenAsNumPyWritesThem) {
  for (const auto& row : kFiles) {
    ASSERT_EQ(parse(row.bytes), KJIT_OK);
    ASSERT_EQ(kjit_npy_save(&ctx_, path("a.npy").c_str(), array_.dtype, array_.rank, array_.data, array_.shape,
                            array_.strides, nullptr),
              KJIT_OK)
        << ctx_.error.message;
    EXPECT_EQ(contents(path("a.npy")), row.bytes);
    kjit_rt_release(array_.owner);
    ASSERT_EQ(kjit_npy_load(&ctx_, path("a.npy").c_str(), &array_, nullptr), KJIT_OK) << ctx_.error.message;
    EXPECT_EQ(array_.dtype, row.dtype);
    kjit_rt_release(array_.owner);
  }
}

TEST_F(Npy, StridedArraysAreWrittenRowByRow) {
  const int16_t data[6] = {0, 1, 2, 3, 4, 5};
  const int64_t shape[2] = {2, 2};
  const int64_t strides[2] = {6, -4};
  ASSERT_EQ(kjit_npy_save(&ctx_, path("s").c_str(), KJIT_INT16, 2, data + 2, shape, strides, nullptr), KJIT_OK);
  ASSERT_EQ(kjit_npy_load(&ctx_, path("s.npy").c_str(), &array_, nullptr), KJIT_OK) << "the suffix is appended";
  const int16_t want[4] = {2, 0, 5, 3};
  EXPECT_EQ(std::memcmp(array_.data, want, sizeof want), 0);
  EXPECT_EQ(array_.strides[0], 4);
  kjit_rt_release(array_.owner);
}

TEST_F(Npy, BoolsBecomeZeroOrOne) {
  ASSERT_EQ(
      parse(with_header("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}") + std::string("\0\x02\xff", 3)),
      KJIT_OK);
  EXPECT_EQ(std::string_view(static_cast<char*>(array_.data), 3), std::string_view("\0\1\1", 3));
  kjit_rt_release(array_.owner);
}

TEST_F(Npy, HeadersMayBeWrittenInOtherWays) {
  for (const char* header : {"{'shape':(2L,),'fortran_order':False,'descr':\"|u1\"}",
                             "{ 'descr' : 'u1' ,'fortran_order' : True , 'shape' : ( 2 , ) , } \n",
                             "{'descr': '=u1', 'fortran_order': False, 'shape': (1, 2)}"}) {
    ASSERT_EQ(parse(with_header(header) + "\x05\x06"), KJIT_OK) << ctx_.error.message;
    EXPECT_EQ(std::string_view(static_cast<char*>(array_.data), 2), "\x05\x06");
    kjit_rt_release(array_.owner);
  }
}

TEST_F(Npy, WhatCannotBeTakenIsNamed) {
  expect_refused("", "it is empty");
  expect_refused("PK\x03\x04zip", "it does not begin as such files do");
  expect_refused(std::string_view("\x93NUMPY\x04\x00\x10\x00", 10), "its format is not 1.0, 2.0 or 3.0");
  expect_refused(std::string_view("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12), "its header is longer than 65536 bytes");
  const std::pair<const char*, const char*> headers[] = {
      {"[1]", "the header is not a dictionary"},
      {"{'descr': '>f8', 'fortran_order': False, 'shape': ()}", "big-endian numbers are not supported: dtype '>f8'"},
      {"{'descr': '<U5', 'fortran_order': False, 'shape': ()}", "arrays of this dtype are not supported: '<U5'"},
      {"{'descr': '|O', 'fortran_order': False, 'shape': ()}", "arrays of this dtype are not supported: '|O'"},
      {"{'descr': '<f2', 'fortran_order': False, 'shape': ()}", "arrays of this dtype are not supported: '<f2'"},
      {"{'descr': '<\x01\xff', 'fortran_order': False, 'shape': ()}",
       "arrays of this dtype are not supported: '<\?\?'"},
      {"{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': ()}", "structured dtypes are not supported"},
      {"{'descr': '<f8', 'fortran_order': 1, 'shape': ()}", "the header is damaged: fortran_order is not a bool"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (3)}", "the header is damaged: shape is not a tuple"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}",
       "the header is damaged: shape has a negative extent"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
       "the header is damaged: shape does not consist of integers"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "the array is too large"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
       "it is cut short: 24 bytes of elements expected, 0 found"},
      {"{'descr': '<f8', 'fortran_order': False}", "the header lacks one of descr, fortran_order, shape"},
      {"{'descr': '<f8', 'descr': '<f8'}", "the header has a key twice 'descr'"},
      {"{'descr': '<f8', 'other': 1}", "the header has an unknown key 'other'"},
      {"{'descr': '<f8' 'shape': ()}", "the header is damaged: ',' or '}' is expected after the value of 'descr'"},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': ()} x", "the header is damaged: text follows the dictionary"},
  };
  for (const auto& [header, message] : headers) expect_refused(with_header(header), message);
  std::string many = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
  for (int i = 0; i < 65; ++i) many += "1, ";
  expect_refused(with_header(many + ")}"), "the array has more than 64 dimensions");
}

TEST_F(Npy, HugeShapesAllocateNothing) {
  ctx_.memory_limit = 1000;
  expect_refused(with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"),
                 "it is cut short: 8000000000000 bytes of elements expected, 0 found");
  ASSERT_EQ(parse(with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 0, 9)}")),
            KJIT_OK);
  kjit_rt_release(array_.owner);
  kjit_ctx_destroy(&ctx_);
}

TEST_F(Npy, FilesCutAnywhereAreRefused) {
  for (const auto& row : kFiles) {
    for (size_t size = 0; size < row.bytes.size(); ++size) {
      std::string cut(row.bytes.substr(0, size));  // its end is known to the address sanitizer
      EXPECT_EQ(parse(cut), KJIT_VALUE_ERROR) << size;
    }
  }
}

TEST_F(Npy, AnyChangedByteGivesAnArrayOrAnError) {
  ctx_.memory_limit = 1 << 20;
  for (const auto& row : kFiles) {
    std::string bytes(row.bytes);
    for (size_t i = 0; i < bytes.size(); ++i) {
      for (char value : std::string_view("\0\t (),-09'{}L\x7f\x80\xff", 16)) {
        const char kept = bytes[i];
        bytes[i] = value;
        if (parse(bytes) == KJIT_OK) kjit_rt_release(array_.owner);
        bytes[i] = kept;
      }
    }
  }
  EXPECT_EQ(kjit_ctx_memory_used(&ctx_), 0);
  kjit_ctx_destroy(&ctx_);
}

TEST_F(Npy, ErrorsOfTheFileSystemAreReported) {
  EXPECT_EQ(kjit_npy_load(&ctx_, path("none.npy").c_str(), &array_, &kPlace), KJIT_OS_ERROR);
  EXPECT_EQ(ctx_.error.message, "[Errno 2] No such file or directory: '" + path("none.npy") + "'");
  EXPECT_EQ(kjit_npy_load(&ctx_, folder_.c_str(), &array_, &kPlace), KJIT_OS_ERROR);
  const double one = 1;
  EXPECT_EQ(kjit_npy_save(&ctx_, path("none/x.npy").c_str(), KJIT_FLOAT64, 0, &one, nullptr, nullptr, &kPlace),
            KJIT_OS_ERROR);
  if (std::filesystem::exists("/dev/full")) {
    std::filesystem::create_symlink("/dev/full", path("full.npy"));
    EXPECT_EQ(kjit_npy_save(&ctx_, path("full.npy").c_str(), KJIT_FLOAT64, 0, &one, nullptr, nullptr, &kPlace),
              KJIT_OS_ERROR);
    EXPECT_NE(std::string(ctx_.error.message).find("No space left on device"), std::string::npos);
  }
}

TEST_F(Npy, RunningOutOfMemoryIsAnError) {
  kjit_rt_fail_allocation(1);
  EXPECT_EQ(parse(kFiles[0].bytes), KJIT_MEMORY_ERROR);
  EXPECT_EQ(ctx_.error.kind, KJIT_MEMORY_ERROR);
}

}  // namespace
