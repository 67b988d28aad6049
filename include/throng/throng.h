#pragma once

// The whole public interface of Throng.
#include "throng/counter.h"
#include "throng/error.h"
#include "throng/image.h"
