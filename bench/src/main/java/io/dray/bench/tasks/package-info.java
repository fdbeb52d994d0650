/**
 * The suite tasks: durable tasks through whole meshes, on SQLite and on PostgreSQL, beside other systems that keep tasks.
 * Start with {@link io.dray.bench.tasks.TasksSuite}, which lists what is measured. A load is put on by
 * {@link io.dray.bench.tasks.TaskSource} over a small {@code TaskSystem}, so that systems differ in that alone.
 */
@NullMarked
package io.dray.bench.tasks;

import org.jspecify.annotations.NullMarked;
