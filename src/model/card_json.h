#pragma once

#include <optional>

#include "confidence/count_interval.h"
#include "confidence/familiarity.h"
#include "core/config.h"
#include "model/calibration.h"

namespace throng {

/// What was measured of a model, as its card says it. Reading throws Json::exception for other shapes; what it gives
/// may be used only where usable() says so.
Json to_json(const Calibration& calibration);
Calibration calibration_from_json(const Json& json);
bool usable(const Calibration& calibration);

Json to_json(const IntervalCalibration& intervals);
IntervalCalibration intervals_from_json(const Json& json);
bool usable(const IntervalCalibration& intervals);

Json to_json(const Familiarity& familiarity);
Familiarity familiarity_from_json(const Json& json);
bool usable(const Familiarity& familiarity);

}  // namespace throng
