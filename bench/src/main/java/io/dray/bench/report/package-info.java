/**
 * What benchmarks found out, as records that are written to JSON, printed, drawn, compared and put into README tables.
 * Start at {@link io.dray.bench.report.Report}; a suite makes one {@link io.dray.bench.report.Row} per scenario and
 * system with {@link io.dray.bench.report.Row#of}.
 */
@NullMarked
package io.dray.bench.report;

import org.jspecify.annotations.NullMarked;
