/**
 * Replies that may be given again: which requests are alike, what was answered to them, and who waits for the same
 * answer. Start at {@link io.dray.sidecar.replies.ReplyCache}.
 */
@NullMarked
package io.dray.sidecar.replies;

import org.jspecify.annotations.NullMarked;
