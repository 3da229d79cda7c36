/* Everything of base. Knows nothing of music.  SPDX-License-Identifier: MIT */
#ifndef PH_BASE_BASE_H
#define PH_BASE_BASE_H

#include "base/arena.h"
#include "base/func.h"
#include "base/hash.h"
#include "base/os.h"
#include "base/rational.h"
#include "base/status.h"
#include "base/str.h"

#endif
