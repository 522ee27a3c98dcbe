/* SPDX-License-Identifier: Apache-2.0 */
/* What the chosen delegate can, for a judged call and for the operator; and where such answers are kept. */
#pragma once

#include "audit/sink.h"
#include "shim/delegate.h"
#include "validate/host/delegate.h"

/*
 * The directory below places.run_dir where facts about host and delegate are kept, made (0700) when `make` is set and
 * it is missing. NULL when there is none that only we can write to.
 */
const char *features_cache(struct arena *a, const struct places *p, bool make);

/*
 * What delegate_look has to be told of d. `ask`: it may be run, if nothing is known of it; whoever sets it has vetted
 * d. Points into d.
 */
struct delegate_want features_want(const struct delegate *d, const char *cache, bool ask);
