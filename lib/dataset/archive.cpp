#include "dataset/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <map>
#include <memory>
#include <set>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "dataset/class_name.hpp"

namespace attune {
namespace {

namespace fs = boost::filesystem;

constexpr std::uint64_t kRatioFrom = 16u << 20;  // small files may well shrink a thousandfold
constexpr std::size_t kBlock = 64u << 10;

// libarchive turns stored names into the encoding of the locale; under "C" it would warn about, and
// lose, every name beyond ASCII. This thread's locale only.
class Utf8Locale {
 public:
  Utf8Locale() : own_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (own_) before_ = uselocale(own_);
  }
  ~Utf8Locale() {
    if (!own_) return;
    uselocale(before_);
    freelocale(own_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t own_, before_ = nullptr;
};

// Keeps the running totals of one folder or archive within the limits, and its names unique.
class Guard {
 public:
  Guard(const std::string& path, const ArchiveLimits& limits) : path_(path), limits_(limits) {}

  [[noreturn]] void refuse(const std::string& name, const std::string& why) const {
    throw Error(path_ + ": " + (name.empty() ? std::string() : name + ": ") + why);
  }

  // The name without "." parts; Error when it leaves the folder or could not stand in a table.
  std::string clean(const std::string& name) const {
    if (name.empty()) refuse("", "want a name for every entry, have an empty one");
    if (!valid_utf8(name)) refuse("", "want names in UTF-8, have other bytes");
    for (const char c : name)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
        refuse("", "want names without control characters");
    const bool drive = name.size() > 1 && name[1] == ':' && name[0] != '/';
    if (name[0] == '/' || drive) refuse(name, "want a relative name, have an absolute one");
    if (name.find('\\') != std::string::npos) refuse(name, "want '/' in names, have '\\'");
    std::vector<std::string> parts;
    for (const std::string& part : split(name, '/')) {
      if (part == "..") refuse(name, "want a name inside the archive, have \"..\"");
      if (!part.empty() && part != ".") parts.push_back(part);
    }
    return join(parts, "/");
  }

  // A cleaned name composed, as libarchive gives those of zip files. Error when a folder on its way
  // stands there in another spelling too: the files of both would be mixed.
  std::string compose(const std::string& name) {
    const std::string form = composed(name);
    if (std::ranges::all_of(form, [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
      return form;
    for (std::size_t end = name.find('/'); end != std::string::npos;
         end = name.find('/', end + 1)) {
      const std::string folder = name.substr(0, end);
      const std::string& known = spelling_.emplace(composed(folder), folder).first->second;
      if (known != folder)
        refuse("", "want each folder once, have two spellings of " + composed(folder) + ": " +
                       spelled_out(known) + " and " + spelled_out(folder) + " (rename one)");
    }
    return form;
  }

  void count_entry() {
    if (++entries_ > limits_.entries)
      refuse("", "want at most " + std::to_string(limits_.entries) + " entries, have more");
  }

  void claim(const std::string& name) {
    if (!seen_.insert(name).second) refuse(name, "want each name once, have it twice");
  }

  // `entry`: bytes of this entry so far, `added` of them new, `stored`: bytes of the whole archive.
  void count_bytes(const std::string& name, std::uint64_t entry, std::uint64_t added,
                   std::uint64_t stored) {
    if (entry > limits_.entry_bytes)
      refuse(name, "want at most " + std::to_string(limits_.entry_bytes) + " bytes, have more");
    total_ += added;
    if (total_ > limits_.total_bytes)
      refuse("",
             "want at most " + std::to_string(limits_.total_bytes) + " bytes in all, have more");
    if (total_ > kRatioFrom &&
        static_cast<double>(total_) > limits_.ratio * static_cast<double>(stored))
      refuse(name, "decompresses to more than " + to_text(limits_.ratio) +
                       " times the size of the archive");
  }

 private:
  const std::string& path_;
  const ArchiveLimits& limits_;
  std::set<std::string> seen_;
  std::map<std::string, std::string> spelling_;  // of folders, by their composed names
  std::uint64_t entries_ = 0, total_ = 0;
};

void visit_folder(const std::string& path, const ArchiveLimits& limits,
                  const std::function<void(Entry&&)>& visit) {
  Guard guard(path, limits);
  std::vector<std::string> names;
  const fs::path root(path);
  boost::system::error_code failed;
  fs::recursive_directory_iterator item(root, failed), end;
  for (; !failed && item != end; item.increment(failed)) {
    guard.count_entry();
    const std::string name = item->path().string().substr(root.string().size());
    const std::size_t start = std::min(name.find_first_not_of('/'), name.size());
    const fs::file_type type = item->symlink_status().type();
    if (type == fs::directory_file) continue;
    if (type != fs::regular_file)
      guard.refuse(name.substr(start), "want regular files and folders, have a link or a device");
    names.push_back(name.substr(start));
  }
  if (failed) throw Error(path + ": can't list: " + failed.message());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    Entry entry{guard.compose(guard.clean(name)), {}};
    guard.claim(entry.name);
    const std::string bytes = read_file((root / name).string(), limits.entry_bytes);
    guard.count_bytes(name, bytes.size(), bytes.size(), ~std::uint64_t{0});
    entry.bytes.assign(bytes.begin(), bytes.end());
    visit(std::move(entry));
  }
}

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchivePointer = std::unique_ptr<archive, CloseArchive>;

// libarchive does not give a reason for every failure.
std::string reason(archive* a) {
  const char* text = archive_error_string(a);
  return text ? text : "unreadable data";
}

ArchivePointer open_archive(const std::string& path) {
  ArchivePointer a(archive_read_new());
  if (!a) throw Error(path + ": out of memory");
  // Seekable zip only: the streaming reader would take a truncated file, without its directory, for
  // a whole one.
  archive_read_support_format_zip_seekable(a.get());
  archive_read_support_format_tar(a.get());
  archive_read_support_filter_gzip(a.get());
  archive_read_support_filter_bzip2(a.get());
  archive_read_support_filter_xz(a.get());
  archive_read_support_filter_zstd(a.get());
  claim_input(path);
  if (archive_read_open_filename(a.get(), path.c_str(), kBlock) != ARCHIVE_OK)
    throw Error(path + ": want a zip or tar archive, have: " + reason(a.get()));
  return a;
}

std::vector<std::uint8_t> read_entry(archive* a, archive_entry* entry, const std::string& name,
                                     std::uint64_t stored, Guard& guard) {
  std::vector<std::uint8_t> bytes;
  if (archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0)
    guard.count_bytes(name, static_cast<std::uint64_t>(archive_entry_size(entry)), 0, stored);
  for (;;) {
    const std::size_t filled = bytes.size();
    bytes.resize(filled + kBlock);
    const la_ssize_t got = archive_read_data(a, bytes.data() + filled, kBlock);
    if (got < 0) guard.refuse(name, "damaged: " + reason(a));
    bytes.resize(filled + static_cast<std::size_t>(got));
    if (got == 0) break;
    guard.count_bytes(name, bytes.size(), static_cast<std::uint64_t>(got), stored);
  }
  if (archive_entry_size_is_set(entry) &&
      static_cast<std::uint64_t>(archive_entry_size(entry)) != bytes.size())
    guard.refuse(name, "want " + std::to_string(archive_entry_size(entry)) + " bytes, have " +
                           std::to_string(bytes.size()));
  return bytes;
}

// A tar that was cut between two entries reads as a shorter one; its end mark is missing then.
void check_tar_end(archive* a, std::int64_t data_end, const Guard& guard) {
  if ((archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) != ARCHIVE_FORMAT_TAR) return;
  const std::int64_t padded = (data_end + 511) / 512 * 512;
  if (archive_filter_bytes(a, 0) < padded + 512) guard.refuse("", "truncated: no end of archive");
}

void visit_archive(const std::string& path, const ArchiveLimits& limits,
                   const std::function<void(Entry&&)>& visit) {
  const Utf8Locale locale;
  Guard guard(path, limits);
  const std::uint64_t stored = fs::file_size(path);
  const ArchivePointer a = open_archive(path);
  for (;;) {
    archive_entry* entry = nullptr;
    const std::int64_t data_end = archive_filter_bytes(a.get(), 0);
    const int status = archive_read_next_header(a.get(), &entry);
    if (status == ARCHIVE_EOF) return check_tar_end(a.get(), data_end, guard);
    if (status != ARCHIVE_OK) guard.refuse("", "damaged: " + reason(a.get()));
    guard.count_entry();
    const char* stored_name = archive_entry_pathname(entry);
    const std::string name = guard.compose(guard.clean(stored_name ? stored_name : ""));
    const auto type = archive_entry_filetype(entry);
    if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) ||
        (type != AE_IFREG && type != AE_IFDIR))
      guard.refuse(name, "want regular files and folders, have a link or a device");
    if (archive_entry_is_encrypted(entry)) guard.refuse(name, "encrypted");
    if (type == AE_IFDIR) continue;
    if (name.empty()) guard.refuse("", "want a name for every file, have one of dots alone");
    guard.claim(name);
    visit(Entry{name, read_entry(a.get(), entry, name, stored, guard)});
  }
}

}  // namespace

void for_each_entry(const std::string& path, const ArchiveLimits& limits,
                    const std::function<void(Entry&&)>& visit) {
  boost::system::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  if (status.type() == fs::file_not_found) throw Error(path + ": no such file or folder");
  if (failed) throw Error(path + ": " + failed.message());
  if (fs::is_directory(status)) return visit_folder(path, limits, visit);
  if (!fs::is_regular_file(status)) throw Error(path + ": want a folder or an archive file");
  visit_archive(path, limits, visit);
}

}  // namespace attune
