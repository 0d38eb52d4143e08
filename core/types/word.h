// Words that stand where Python takes a text: kMean for 'mean'. A word is a type of its own with the text as
// `T::word`.
#pragma once

#include <type_traits>

namespace xgrad {

namespace detail {
template <class T, class = void>
inline constexpr bool is_word = false;
template <class T>
inline constexpr bool is_word<T, std::void_t<decltype(T::word)>> = true;
}  // namespace detail

/// One of these words.
template <class... Words>
class OneOf {
 public:
  template <class T, std::enable_if_t<(std::is_same<T, Words>::value || ...), int> = 0>
  constexpr OneOf(T) : index_(index_of<T>()) {}
  template <class T>
  constexpr bool is(T) const noexcept {
    static_assert((std::is_same<T, Words>::value || ...), "it is never this word");
    return index_ == index_of<T>();
  }
  /// Python's text: "mean".
  constexpr const char* word() const {
    constexpr const char* words[] = {Words::word...};
    return words[index_];
  }

 private:
  template <class T>
  static constexpr int index_of() {
    int index = 0;
    (void)((std::is_same<T, Words>::value || (++index, false)) || ...);
    return index;
  }
  int index_;
};

}  // namespace xgrad
