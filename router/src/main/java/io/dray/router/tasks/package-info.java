/** What a task is and where it is in its life; start at {@link io.dray.router.tasks.TaskState}. */
@NullMarked
package io.dray.router.tasks;

import org.jspecify.annotations.NullMarked;
