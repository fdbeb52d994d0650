/** What the commands print: tables, JSON, progress, errors and exit codes. */
@NullMarked
package io.dray.cli.output;

import org.jspecify.annotations.NullMarked;
