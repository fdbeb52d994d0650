/**
 * The crash harness: agents write what they do into ledgers outside of Dray, a script kills and stops processes, and an
 * audit of the ledgers counts what was lost, delivered again or done twice. Start with
 * {@link io.dray.bench.crash.CrashRun}.
 */
@NullMarked
package io.dray.bench.crash;

import org.jspecify.annotations.NullMarked;
