package io.dray.bench.mesh;

/** A group of tests that run on whatever mesh their class started. */
interface OnMesh {
    MeshFixture mesh();
}
