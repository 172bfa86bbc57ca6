#include "base/hash.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/scratch.hpp"

using namespace attune;

TEST_CASE("SHA-256 gives the digests of FIPS 180-2") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("the parts of a message may come in any pieces, fields may not") {
  CHECK(Sha256().add("a").add("bc").hex() == sha256("abc"));
  CHECK(Sha256().add_field("ab").add_field("c").hex() !=
        Sha256().add_field("a").add_field("bc").hex());
  CHECK(Sha256().add_field("abc").hex() == sha256(std::string("\3\0\0\0\0\0\0\0abc", 11)));
}

TEST_CASE("a file's digest is that of its bytes, across blocks") {
  const Scratch scratch;
  const std::string bytes(3000000, 'x');
  CHECK(sha256_file(scratch.put("x", bytes)) == sha256(bytes));
  CHECK(sha256_file(scratch.put("empty", "")) == sha256(""));
  CHECK_THROWS_AS(sha256_file(scratch.path("missing")), Error);
  CHECK_THROWS_AS(sha256_file(scratch.folder()), Error);
}
