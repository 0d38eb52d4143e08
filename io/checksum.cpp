// Cyclic redundancy checks: by tables, and where the CPU multiplies without carry, by folding.
#include <array>

#include <xgrad/core/kernels/isa.h>
#include <xgrad/io/bytes.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define XGRAD_CARRYLESS
#include <wmmintrin.h>
#endif

namespace xgrad::io {

namespace {

// Polynomials have their highest power in the lowest bit. Table k holds the CRC of each byte followed by k
// zeros, so that eight bytes take one step.
struct Crc {
  std::array<std::array<uint32_t, 256>, 8> of{};
  std::array<uint64_t, 2> over_block{}, over_word{};  // what brings 8 + 8 bytes over 64, and over 16
  constexpr explicit Crc(uint32_t polynomial) {
    const auto times_x = [=](uint32_t crc) { return crc & 1 ? crc >> 1 ^ polynomial : crc >> 1; };
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t crc = byte;
      for (int bit = 0; bit < 8; ++bit) crc = times_x(crc);
      of[0][byte] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
      for (uint32_t byte = 0; byte < 256; ++byte)
        of[k][byte] = of[k - 1][byte] >> 8 ^ of[0][of[k - 1][byte] & 0xFF];
    const auto power = [=](int exponent) {
      uint32_t crc = 0x80000000;
      while (exponent-- > 0) crc = times_x(crc);
      return static_cast<uint64_t>(crc) << 1;  // for a product of reversed numbers is one bit short
    };
    over_block = {power(512 + 32), power(512 - 32)};
    over_word = {power(128 + 32), power(128 - 32)};
  }
};
constexpr Crc kZip(0xEDB88320), kCastagnoli(0x82F63B78);

// What a register becomes when the bytes go through it.
uint32_t through(const Crc& crc, uint32_t state, std::string_view bytes) noexcept {
  const auto& t = crc.of;
  const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8)
    state = t[7][(state ^ p[0]) & 0xFF] ^ t[6][(state >> 8 ^ p[1]) & 0xFF] ^
            t[5][(state >> 16 ^ p[2]) & 0xFF] ^ t[4][state >> 24 ^ p[3]] ^ t[3][p[4]] ^ t[2][p[5]] ^
            t[1][p[6]] ^ t[0][p[7]];
  for (; left > 0; --left, ++p) state = state >> 8 ^ t[0][(state ^ *p) & 0xFF];
  return state;
}

#if defined(XGRAD_CARRYLESS)

bool multiplies_without_carry() {
  return kernels::isa() != kernels::Isa::base && __builtin_cpu_supports("pclmul");
}

[[gnu::target("pclmul")]] __m128i folded(__m128i word, __m128i over, __m128i next) {
  const __m128i low = _mm_clmulepi64_si128(word, over, 0x00), high = _mm_clmulepi64_si128(word, over, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

// Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009:
// sixteen bytes that stand for the state and all whole blocks of 64 bytes, which are taken away.
[[gnu::target("pclmul")]] std::array<char, 16> fold(const Crc& crc, uint32_t state, std::string_view& bytes) {
  const auto pair = [](const auto& numbers) {
    return _mm_set_epi64x(static_cast<int64_t>(numbers[1]), static_cast<int64_t>(numbers[0]));
  };
  const auto* p = reinterpret_cast<const __m128i*>(bytes.data());
  const std::size_t blocks = bytes.size() / 64;
  __m128i a = _mm_xor_si128(_mm_loadu_si128(p), _mm_cvtsi32_si128(static_cast<int>(state)));
  __m128i b = _mm_loadu_si128(p + 1), c = _mm_loadu_si128(p + 2), d = _mm_loadu_si128(p + 3);
  const __m128i over_block = pair(crc.over_block), over_word = pair(crc.over_word);
  for (std::size_t i = 1; i < blocks; ++i) {
    p += 4;
    _mm_prefetch(reinterpret_cast<const char*>(p) + 2048, _MM_HINT_T0);  // the CPU's own ends with each page
    a = folded(a, over_block, _mm_loadu_si128(p));
    b = folded(b, over_block, _mm_loadu_si128(p + 1));
    c = folded(c, over_block, _mm_loadu_si128(p + 2));
    d = folded(d, over_block, _mm_loadu_si128(p + 3));
  }
  const __m128i word = folded(folded(folded(a, over_word, b), over_word, c), over_word, d);
  bytes.remove_prefix(64 * blocks);
  std::array<char, 16> all;
  _mm_storeu_si128(reinterpret_cast<__m128i*>(all.data()), word);
  return all;
}

#endif

uint32_t check(const Crc& crc, std::string_view bytes, uint32_t before) noexcept {
  uint32_t state = ~before;
#if defined(XGRAD_CARRYLESS)
  if (bytes.size() >= 64 && multiplies_without_carry()) {
    const std::array<char, 16> all = fold(crc, state, bytes);
    state = through(crc, 0, {all.data(), all.size()});
  }
#endif
  return ~through(crc, state, bytes);
}

}  // namespace

uint32_t crc32(std::string_view bytes, uint32_t before) noexcept { return check(kZip, bytes, before); }
uint32_t crc32c(std::string_view bytes) noexcept { return check(kCastagnoli, bytes, 0); }

}  // namespace xgrad::io
