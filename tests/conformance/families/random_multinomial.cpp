// Rows: draws from a discrete distribution.
#include "../registry.h"

namespace conformance {

void register_random_multinomial(Registry& registry) {
  registry.random.row("multinomial", [](const Args& a) {
    return lib::multinomial(a.tensor("input"), a.integer("num_samples"), a.flag("replacement"));
  });
}

}  // namespace conformance
