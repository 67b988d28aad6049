#pragma once

#include "weights/pickle.h"

namespace throng {

/// The dict of a checkpoint that holds its weights: where it nests several, the one under a usual name ('model',
/// 'state_dict' and their like), else the first with tensors under names, but for an optimiser's. nullptr when there is
/// none at the top or a few dicts below it.
const PickleObject* find_tensor_dict(const Pickle& pickle);

}  // namespace throng
