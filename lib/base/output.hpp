#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace attune {

class TemporaryFile;

// Keeps an output for this process. The lock (flock on ".attune-lock-<16 digits of the name>" in
// the output's folder, an empty file) goes with the process: what a killed one leaves behind keeps
// nobody out. Locks of one output within a process are one lock. Where the file system has no
// locks, a note on stderr says so and the work goes on without.
// Error when `path` is an input of this process, something other than a regular file, can't be
// written, or when another process is writing it. UsageError for "" and "-".
class OutputLock {
 public:
  explicit OutputLock(const std::string& path);
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  struct Held;
  std::shared_ptr<Held> held_;
};

// An output that appears whole or not at all: written under a temporary name beside `path` (see
// TemporaryFile), and only commit() — fsync of the file, rename, fsync of the folder — puts it in
// the place of the old one. Destroyed without commit, it removes the temporary file. Path "-"
// writes to stdout on commit. Errors as OutputLock's, which it holds until its end.
class AtomicFile {
 public:
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void write(std::string_view bytes);
  void commit();

 private:
  std::string path_, buffer_;  // buffer_: what goes to stdout
  std::unique_ptr<OutputLock> lock_;
  std::unique_ptr<TemporaryFile> temporary_;
};

// A file and its side files ("<path>.log.jsonl", "<path>.cost.json" …) that belong together: a set
// with one commit point. The members are written first, each as "<path><ending>.<id>"; then the
// file itself gets its name, which is the commit; then the members get theirs. Whenever a kill
// comes, the set that the file says it is of can be read: see member_path. Each member has to name
// the set in its text, so that a reader can check.
class OutputSet {
 public:
  struct Member {
    std::string ending;
    std::vector<std::string> begins;  // how a file of ours of that ending may begin
  };
  // Locks the file and its members. Error when a member's place holds what no program of ours
  // wrote: it is never replaced.
  OutputSet(std::string path, std::vector<Member> members);
  ~OutputSet();
  OutputSet(const OutputSet&) = delete;
  OutputSet& operator=(const OutputSet&) = delete;
  // `id`: 16 hexadecimal digits of the file's content. `commit`: writes the file itself.
  // texts: one for each member, in their order.
  void commit(const std::string& id, const std::vector<std::string>& texts,
              const std::function<void()>& commit);

 private:
  void put_members(const std::string& id, const std::vector<std::string>& texts);
  void name_members(const std::string& id);
  void try_to_name_members(const std::string& id);
  // Members of sets that never came to their commit.
  void remove_waiting(const Member& member) const;

  std::string path_;
  std::vector<Member> members_;
  std::vector<std::unique_ptr<OutputLock>> locks_;
  std::vector<std::string> waiting_;  // written, and without their names yet
};
// Where the member of the set `id` is read: "<path><ending>.<id>" when a kill came before it got
// its name, else "<path><ending>", which may be missing or of another set.
std::string member_path(const std::string& path, const std::string& ending, const std::string& id);

void write_file(const std::string& path, std::string_view bytes);  // AtomicFile in one call
// The errors of AtomicFile(path), before the work whose result will go there.
void check_output(const std::string& path);
void write_stdout(std::string_view bytes);  // Error when stdout can't take it (full disk)

}  // namespace attune
