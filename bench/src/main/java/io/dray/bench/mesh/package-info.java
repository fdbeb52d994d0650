/**
 * Child processes of benchmarks and whole-mesh tests: start with {@link io.dray.bench.mesh.LocalMesh}, which starts a
 * router and sidecars as processes of their own, and {@link io.dray.bench.mesh.Child}, which is any one of them.
 */
@NullMarked
package io.dray.bench.mesh;

import org.jspecify.annotations.NullMarked;
