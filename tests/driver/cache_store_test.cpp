// Entries on disk: whole or absent, whatever happens to the files, the directory, the disk or the process.
#include "driver/cache_store.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "kjit/cache.h"
#include "support/paths.h"

namespace kjit::driver {
namespace {

namespace fs = std::filesystem;

class CacheStoreTest : public ::testing::Test {
 protected:
  CacheStoreTest() {
    std::string pattern = fs::temp_directory_path() / "kjit-store-XXXXXX";
    root_ = mkdtemp(pattern.data());
    directory = root_ / "cache";
  }
  ~CacheStoreTest() override {
    std::error_code ignored;
    fs::permissions(root_, fs::perms::owner_all, ignored);
    fs::remove_all(root_, ignored);
  }
  static CacheStore::Name name(const std::string& key, const std::string& subject = "f") {
    return {CacheStore::Kind::Code, subject, key};
  }
  fs::path only_file() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(directory)) files.push_back(entry.path());
    EXPECT_EQ(files.size(), 1u);
    return files.at(0);
  }
  static std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void put(const fs::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  }
  // Why there is nothing under the key.
  static std::string why_missing(const CacheStore& store, const CacheStore::Name& wanted) {
    std::string why;
    EXPECT_FALSE(store.find(wanted, &why));
    return why;
  }

  fs::path root_, directory;
};

TEST_F(CacheStoreTest, GivesWhatWasKept) {
  const CacheStore store(directory);
  EXPECT_EQ(why_missing(store, name("k")), "there is no entry");
  EXPECT_TRUE(store.keep(name("k"), std::string("a\0b", 3)));
  EXPECT_EQ(store.find(name("k")), std::string("a\0b", 3));
  EXPECT_EQ(CacheStore(directory).find(name("k")), std::string("a\0b", 3)) << "another process would";
  EXPECT_FALSE(store.find(name("k", "g"))) << "of another subject";
  EXPECT_FALSE(store.find({CacheStore::Kind::Cubin, "f", "k"})) << "of another kind";
  EXPECT_TRUE(store.keep(name("k"), "new"));
  EXPECT_EQ(store.find(name("k")), "new");
  EXPECT_EQ(store.entries().size(), 1u);
  EXPECT_TRUE(store.keep(name("k2"), ""));
  EXPECT_EQ(store.other_keys(name("k")), std::vector<std::string>{"k2"});
}

TEST_F(CacheStoreTest, ADirectoryIsMadeForTheUserAlone) {
  const CacheStore store((directory / "a" / "b").string());
  EXPECT_FALSE(fs::exists(directory)) << "not before it is needed";
  EXPECT_EQ(store.problem(), "");
  EXPECT_EQ(fs::status(directory / "a" / "b").permissions(), fs::perms::owner_all);
}

TEST_F(CacheStoreTest, EveryFlippedByteIsAMiss) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("the key"), "the value"));
  const fs::path file = only_file();
  const std::string good = bytes_of(file);
  for (size_t i = 0; i < good.size(); ++i) {
    for (const char bits : {'\x01', '\x80', '\xff'}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bits);
      put(file, bad);
      EXPECT_EQ(why_missing(store, name("the key")), "the entry is damaged") << "byte " << i;
      EXPECT_FALSE(store.read(store.entries().at(0)));
    }
  }
  put(file, good);
  EXPECT_EQ(store.find(name("the key")), "the value");
}

TEST_F(CacheStoreTest, EveryLengthButTheWholeIsAMiss) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("the key"), "the value"));
  const fs::path file = only_file();
  const std::string good = bytes_of(file);
  for (size_t length = 0; length < good.size(); ++length) {
    put(file, good.substr(0, length));
    EXPECT_EQ(why_missing(store, name("the key")), "the entry is damaged") << length << " bytes";
  }
  put(file, good + "x");
  EXPECT_EQ(why_missing(store, name("the key")), "the entry is damaged");
  EXPECT_TRUE(store.keep(name("the key"), "again")) << "a damaged entry is replaced";
  EXPECT_EQ(store.find(name("the key")), "again");
}

TEST_F(CacheStoreTest, WhatIsNoFileOfTheUserIsAMiss) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("k"), "v"));
  const fs::path file = only_file();
  const std::string good = bytes_of(file);
  fs::remove(file);
  put(root_ / "elsewhere", good);
  fs::create_symlink(root_ / "elsewhere", file);
  EXPECT_NE(why_missing(store, name("k")), "") << "links are not followed";
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_EQ(why_missing(store, name("k")), "the entry is not a file of this user");
  EXPECT_FALSE(store.keep(name("k"), "v")) << "a directory is not replaced";
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(why_missing(store, name("k")), "the entry is not a file of this user") << "and not waited for";
  fs::remove(file);
  if (geteuid() == 0) {
    put(file, good);
    ASSERT_EQ(chown(file.c_str(), 12345, 12345), 0);
    EXPECT_EQ(why_missing(store, name("k")), "the entry is not a file of this user");
  }
}

TEST_F(CacheStoreTest, DirectoriesThatOthersMayWriteToAreRefused) {
  fs::create_directory(directory);
  for (const fs::perms others : {fs::perms::group_write, fs::perms::others_write}) {
    fs::permissions(directory, fs::perms::owner_all | others);
    const CacheStore store(directory);
    EXPECT_NE(store.problem().find("others may write to " + directory.string()), std::string::npos) << store.problem();
    EXPECT_EQ(why_missing(store, name("k")), store.problem());
    std::string why;
    EXPECT_FALSE(store.keep(name("k"), "v", &why));
    EXPECT_EQ(why, store.problem());
    EXPECT_TRUE(fs::is_empty(directory));
  }
  fs::permissions(directory, fs::perms::owner_all | fs::perms::group_read);
  EXPECT_EQ(CacheStore(directory).problem(), "") << "they may read";
}

TEST_F(CacheStoreTest, ADirectoryOfAnotherUserIsRefused) {
  const CacheStore store(geteuid() == 0 ? directory.string() : "/");
  if (geteuid() == 0) {
    fs::create_directory(directory);
    ASSERT_EQ(chown(directory.c_str(), 12345, 12345), 0);
  }
  EXPECT_NE(store.problem().find("belongs to another user"), std::string::npos) << store.problem();
  EXPECT_FALSE(store.keep(name("k"), "v"));
}

TEST_F(CacheStoreTest, WhatIsNoDirectoryIsAReason) {
  put(root_ / "file", "");
  EXPECT_NE(CacheStore((root_ / "file").string()).problem(), "");
  EXPECT_NE(CacheStore((root_ / "file" / "below").string()).problem(), "");
  EXPECT_NE(CacheStore("").problem(), "");
  const CacheStore unmade(directory, CacheStore::kUsualLimit, false);
  EXPECT_NE(unmade.problem(), "");
  EXPECT_FALSE(fs::exists(directory));
}

TEST_F(CacheStoreTest, ADirectoryThatGoesIsAMiss) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("k"), "v"));
  fs::remove_all(directory);
  EXPECT_EQ(why_missing(store, name("k")), "there is no entry");
  EXPECT_FALSE(store.keep(name("k"), "v"));
  EXPECT_TRUE(store.entries().empty());
  EXPECT_EQ(store.prune(0), 0);
}

TEST_F(CacheStoreTest, FilesThatMayNotGrowAreNotKept) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("small"), "v"));
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit less = before;
  less.rlim_cur = 1000;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &less), 0);
  std::string why;
  const bool kept = store.keep(name("large"), std::string(5000, 'x'), &why);
  const bool small = store.keep(name("small"), "w");
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(kept) << "and the process lives";
  EXPECT_EQ(why, "files may not be so large here");
  EXPECT_TRUE(small);
  EXPECT_EQ(store.entries().size(), 1u);
}

TEST_F(CacheStoreTest, WhatWasUsedLongestAgoGoesFirst) {
  const CacheStore store(directory, 10'000);
  const std::string value(900, 'v');
  ASSERT_TRUE(store.keep(name("first"), value));
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(store.keep(name(std::to_string(i)), value));
    EXPECT_TRUE(store.find(name("first"))) << "used again and again, after " << i;
  }
  int64_t bytes = 0;
  for (const auto& entry : store.entries()) bytes += entry.bytes;
  EXPECT_LE(bytes, 10'000);
  EXPECT_GE(bytes, 8'000);
  EXPECT_TRUE(store.find(name("39")));
  EXPECT_FALSE(store.find(name("3")));
  std::string why;
  EXPECT_FALSE(store.keep(name("too large"), std::string(20'000, 'v'), &why));
  EXPECT_NE(why.find("more than the cache may hold"), std::string::npos) << why;
  EXPECT_GT(store.prune(2'000), 0);
  EXPECT_EQ(store.entries().size(), 2u);
}

TEST_F(CacheStoreTest, WhatDeadProcessesLeftIsRemoved) {
  const CacheStore store(directory);
  ASSERT_TRUE(store.keep(name("k"), "v"));
  put(directory / ".new-1-1-1", "half"), put(directory / ".new-2-2-2", "being written");
  fs::last_write_time(directory / ".new-1-1-1", fs::file_time_type::clock::now() - std::chrono::hours(1));
  store.prune(CacheStore::kUsualLimit);
  EXPECT_FALSE(fs::exists(directory / ".new-1-1-1"));
  EXPECT_TRUE(fs::exists(directory / ".new-2-2-2"));
  EXPECT_EQ(store.entries().size(), 1u) << "it is no entry";
}

TEST_F(CacheStoreTest, ThreadsShareAStore) {
  const CacheStore store(directory, 20'000);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) {
        const std::string key = std::to_string(i % 7);
        if (const auto found = store.find(name(key))) EXPECT_EQ(*found, std::string(1000, key[0]));
        store.keep(name(key), std::string(1000, key[0]));
      }
    });
  }
  threads.clear();
  EXPECT_GE(store.entries().size(), 1u);
}

// A process that dies while it writes leaves whole entries, or none.
TEST_F(CacheStoreTest, ProcessesMayBeKilledAtAnyMoment) {
  const CacheStore store(directory);
  ASSERT_EQ(store.problem(), "");
  const auto value = [](int i) { return std::string(static_cast<size_t>(20'000 + i), static_cast<char>('a' + i)); };
  int found = 0;
  for (int round = 0; round < 60; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (int i = 0;; i = (i + 1) % 8) store.keep(name(std::to_string(i)), value(i));
    }
    usleep(static_cast<useconds_t>(200 + round * 23));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    for (int i = 0; i < 8; ++i) {
      std::string why;
      if (const auto kept = store.find(name(std::to_string(i)), &why)) {
        ++found;
        EXPECT_EQ(*kept, value(i));
      } else {
        EXPECT_EQ(why, "there is no entry");
      }
    }
  }
  EXPECT_GT(found, 0);
}

TEST_F(CacheStoreTest, CanBeLookedAfter) {
  EXPECT_FALSE(cache::summary(directory).exists);
  EXPECT_EQ(cache::summary(directory).problem, "");
  {
    const CacheStore store(directory);
    ASSERT_TRUE(store.keep(name("k", "f(int64) in k.py"), "v"));
    ASSERT_TRUE(store.keep({CacheStore::Kind::Cubin, "g in k.py", "k"}, "v"));
  }
  EXPECT_EQ(cache::summary(directory).entries, 2);
  const auto list = cache::list(directory);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].function, "g in k.py");
  EXPECT_TRUE(list[0].gpu);
  EXPECT_EQ(list[1].function, "f(int64) in k.py");
  EXPECT_FALSE(list[1].gpu || list[1].damaged);
  fs::resize_file(directory / list[1].file, 30);
  EXPECT_TRUE(cache::list(directory).at(0).damaged || cache::list(directory).at(1).damaged);
  const auto removed = cache::remove_damaged(directory);
  ASSERT_EQ(removed.size(), 1u);
  EXPECT_EQ(removed[0].file, list[1].file);
  EXPECT_EQ(cache::summary(directory).entries, 1);
  EXPECT_EQ(cache::prune(directory, -1), 1);
  EXPECT_EQ(cache::summary(directory).bytes, 0);
}

}  // namespace
}  // namespace kjit::driver
