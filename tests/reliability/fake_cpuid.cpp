// Runs a program on another processor, as far as CPUID says: fake_cpuid PROCESSOR command…
// The system lets the instruction fail (arch_prctl(ARCH_SET_CPUID), where the processor can do
// that); we stand by as a debugger and answer in its place, from the first instruction of the
// dynamic linker on. Only less can be faked than there is. Exit status: the program's; 125 when it
// can't be done.
#include <cpuid.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace {

constexpr long kSetCpuid = 0x1012, kTrapExec = SIGTRAP | (PTRACE_EVENT_EXEC << 8);

struct Answer {
  unsigned a, b, c, d;
};

struct Cache {
  unsigned type, level, kib, ways, sharing;  // type 1: data, 2: instructions, 3: both

  // As leaf 4 of Intel and leaf 0x8000001D of AMD have it.
  Answer answer() const {
    const unsigned line = 64, sets = kib * 1024 / ways / line;
    return {type | level << 5U | 1U << 8U | (sharing - 1) << 14U, (line - 1) | (ways - 1) << 22U,
            sets - 1, 0};
  }
};

// What it has of AVX-512 beside the five sets that the class avx512 wants.
struct Extras {
  bool vnni = false, vbmi = false, bf16 = false, fp16 = false;
};

struct Processor {
  const char* vendor;
  unsigned family, model, stepping;
  Extras extras;
  std::vector<Cache> caches;

  bool amd() const { return std::strcmp(vendor, "AuthenticAMD") == 0; }
  unsigned signature() const {
    const unsigned base = family < 15 ? family : 15, more = family < 15 ? 0 : family - 15;
    return stepping | (model & 15U) << 4U | base << 8U | (model >> 4U) << 16U | more << 20U;
  }
};

std::vector<Cache> caches(unsigned l1, unsigned l1_ways, unsigned l2, unsigned l2_ways, unsigned l3,
                          unsigned l3_ways, unsigned sharing) {
  return {{1, 1, l1, l1_ways, 2},
          {2, 1, 32, 8, 2},
          {3, 2, l2, l2_ways, 2},
          {3, 3, l3, l3_ways, sharing}};
}

const char* const kIntel = "GenuineIntel";
const char* const kAmd = "AuthenticAMD";

const std::map<std::string, Processor> kProcessors{
    {"skylake", {kIntel, 6, 85, 4, {}, caches(32, 8, 1024, 16, 33792, 11, 48)}},
    {"cooperlake",
     {kIntel, 6, 85, 11, {true, false, true}, caches(32, 8, 1024, 16, 39424, 11, 56)}},
    {"icelake", {kIntel, 6, 106, 6, {true, true}, caches(48, 12, 1280, 20, 55296, 12, 64)}},
    {"tigerlake", {kIntel, 6, 140, 1, {true, true}, caches(48, 12, 1280, 20, 12288, 12, 8)}},
    {"zen4", {kAmd, 25, 17, 1, {true, true, true}, caches(32, 8, 1024, 8, 32768, 16, 16)}},
    {"zen5", {kAmd, 26, 2, 1, {true, true, true}, caches(48, 12, 1024, 16, 32768, 16, 16)}},
    {"small-caches", {kIntel, 6, 85, 4, {}, caches(16, 8, 256, 8, 2048, 16, 16)}},
    {"no-caches", {kIntel, 6, 85, 4, {}, {}}},
    {"unknown",
     {kIntel, 6, 250, 1, {true, true, true, true}, caches(64, 16, 4096, 16, 131072, 16, 128)}},
};

void keep(unsigned& bits, bool wanted, std::initializer_list<unsigned> numbers) {
  if (wanted) return;
  for (const unsigned number : numbers) bits &= ~(1U << number);
}

void fake_features(const Processor& p, unsigned subleaf, Answer& r) {
  if (subleaf == 0) {
    keep(r.b, false, {4, 11});  // transactions
    keep(r.b, p.extras.vbmi, {21});
    keep(r.c, p.extras.vbmi, {1, 6, 12, 14});
    keep(r.c, p.extras.vnni, {11});
    keep(r.d, false, {8, 22, 24, 25});  // intersections and tiles
    keep(r.d, p.extras.fp16, {23});
  } else if (subleaf == 1) {
    keep(r.a, p.extras.fp16, {4});
    keep(r.a, p.extras.bf16, {5});
  }
}

Answer cache(const Processor& p, unsigned number) {
  return number < p.caches.size() ? p.caches[number].answer() : Answer{};
}

// AMD's older leaves: sizes in KiB, L3 in units of 512 KiB; 6, 8: eight ways and sixteen.
void fake_amd(const Processor& p, unsigned leaf, unsigned subleaf, Answer& r) {
  switch (leaf) {
    case 0x80000000U:
      r.a = 0x80000021U;
      break;
    case 0x80000001U:
      r.c |= 1U << 22U;
      break;
    case 0x80000005U:
      r = {0, 0, p.caches[0].kib << 24U | p.caches[0].ways << 16U | 0x140U, 32U << 24U | 0x80140U};
      break;
    case 0x80000006U:
      r = {0, 0, p.caches[2].kib << 16U | 0x6140U, p.caches[3].kib / 512 << 18U | 0x9140U};
      break;
    case 0x8000001DU:
      r = cache(p, subleaf);
      break;
    case 0x80000002U:
    case 0x80000003U:
    case 0x80000004U:
    case 0x80000007U:
    case 0x80000008U:
      break;
    default:
      r = {};
  }
}

Answer answer(const Processor& p, unsigned leaf, unsigned subleaf) {
  Answer r{};
  __cpuid_count(leaf, subleaf, r.a, r.b, r.c, r.d);
  if (leaf == 0) {
    std::memcpy(&r.b, p.vendor, 4);
    std::memcpy(&r.d, p.vendor + 4, 4);
    std::memcpy(&r.c, p.vendor + 8, 4);
  } else if (leaf == 1) {
    r.a = p.signature();
  } else if (leaf == 2 && (p.amd() || p.caches.empty())) {
    r = {};
  } else if (leaf == 4) {
    r = p.amd() ? Answer{} : cache(p, subleaf);
  } else if (leaf == 7) {
    fake_features(p, subleaf, r);
  } else if (leaf >= 0x80000000U && p.amd()) {
    fake_amd(p, leaf, subleaf, r);
  }
  return r;
}

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "fake_cpuid: error: %s: %s\n", what, std::strerror(errno));
  std::exit(125);
}

void step(pid_t process) {
  int status = 0;
  ptrace(PTRACE_SINGLESTEP, process, nullptr, nullptr);
  waitpid(process, &status, __WALL);
}

// The process that stopped in exec() calls arch_prctl(ARCH_SET_CPUID, 0), by an instruction lent to
// it.
void make_cpuid_fail(pid_t process) {
  step(process);  // out of exec(), which sets registers last
  user_regs_struct before{};
  ptrace(PTRACE_GETREGS, process, nullptr, &before);
  errno = 0;
  const long code = ptrace(PTRACE_PEEKTEXT, process, before.rip, nullptr);
  if (errno != 0) fail("reading the program");
  ptrace(PTRACE_POKETEXT, process, before.rip, (code & ~0xffffL) | 0x050fL);
  user_regs_struct call = before;
  call.rax = SYS_arch_prctl;
  call.orig_rax = ~0ULL;
  call.rdi = kSetCpuid;
  call.rsi = 0;
  ptrace(PTRACE_SETREGS, process, nullptr, &call);
  step(process);
  ptrace(PTRACE_GETREGS, process, nullptr, &call);
  if (call.rax != 0) {
    errno = static_cast<int>(-static_cast<long>(call.rax));
    fail("this processor can't let CPUID fail");
  }
  ptrace(PTRACE_POKETEXT, process, before.rip, code);
  before.orig_rax = ~0ULL;
  ptrace(PTRACE_SETREGS, process, nullptr, &before);
}

// True when the thread stands at a CPUID, which is then answered.
bool answered(const Processor& processor, pid_t thread) {
  user_regs_struct registers{};
  ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
  errno = 0;
  const long code = ptrace(PTRACE_PEEKTEXT, thread, registers.rip, nullptr);
  if (errno != 0 || (code & 0xffffL) != 0xa20fL) return false;
  const Answer r =
      answer(processor, static_cast<unsigned>(registers.rax), static_cast<unsigned>(registers.rcx));
  registers.rax = r.a;
  registers.rbx = r.b;
  registers.rcx = r.c;
  registers.rdx = r.d;
  registers.rip += 2;
  ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
  return true;
}

int stand_by(const Processor& processor, pid_t child) {
  int status = 0;
  while (true) {
    const pid_t thread = waitpid(-1, &status, __WALL);
    if (thread < 0) fail("wait");
    if (thread == child && WIFEXITED(status)) return WEXITSTATUS(status);
    if (thread == child && WIFSIGNALED(status)) return 128 + WTERMSIG(status);
    if (!WIFSTOPPED(status)) continue;
    int signal = WSTOPSIG(status);
    if (status >> 8 == kTrapExec) make_cpuid_fail(thread);
    if (status >> 16 != 0 || signal == SIGSTOP) signal = 0;
    if (signal == SIGSEGV && answered(processor, thread)) signal = 0;
    ptrace(PTRACE_CONT, thread, nullptr, signal);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "list") {
    for (const auto& [name, unused] : kProcessors) std::puts(name.c_str());
    return 0;
  }
  const auto found = kProcessors.find(argc > 2 ? argv[1] : "");
  if (found == kProcessors.end()) {
    std::fputs("usage: fake_cpuid list | PROCESSOR command…\n", stderr);
    return 125;
  }
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    execvp(argv[2], argv + 2);
    fail(argv[2]);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, __WALL) < 0) fail("fork");
  ptrace(PTRACE_SETOPTIONS, child, nullptr,
         PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
             PTRACE_O_TRACEVFORK);
  ptrace(PTRACE_CONT, child, nullptr, nullptr);
  return stand_by(found->second, child);
}
