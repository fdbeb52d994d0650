package io.dray.cli.demo;

/**
 * What is said of one text file without the mesh. Immutable.
 *
 * @param sha256 in hex
 * @param lines how many line feeds it has
 */
record PlainFile(String sha256, long bytes, long lines) {}
