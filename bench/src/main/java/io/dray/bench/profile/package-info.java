/**
 * Where the time goes under a load: stacks of all processes of one scenario, sampled while it is measured, sorted by what
 * they are for and drawn as flame graphs. Starts at {@link io.dray.bench.profile.ProfileCommand}.
 */
@NullMarked
package io.dray.bench.profile;

import org.jspecify.annotations.NullMarked;
