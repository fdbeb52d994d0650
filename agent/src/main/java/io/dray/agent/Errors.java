package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;

/** The errors that the SDK itself gives, worded once. */
final class Errors {
    /** Names of handlers that an error tells. */
    private static final int MOST_NAMES = 8;

    private Errors() {}

    static Error expired(String what) {
        return MeshError.of(Code.CODE_EXPIRED, "The deadline passed " + what);
    }

    /** What others said, so that more can follow. */
    static String sentence(String text) {
        String words = text.strip();
        return words.isEmpty() || words.matches("(?s).*[.!?]") ? words : words + ".";
    }

    static Error nodeLost() {
        return MeshError.of(
                Code.CODE_NODE_LOST, "The connection to the sidecar broke before it said what became of the message.");
    }

    static Error unreachable(Duration waited, String sidecar, Error last) {
        return MeshError.of(
                last.getCode() == Code.CODE_INTERNAL ? Code.CODE_UNREACHABLE : last.getCode(),
                "No sidecar welcomed this agent within " + seconds(waited) + ": "
                        + sentence(last.getMessage())
                        + " Start one with `dray up` or `dray sidecar`, or name it in DRAY_SIDECAR.",
                sidecar,
                "the endpoint of a running sidecar");
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    static Error noCapability(String agent) {
        return MeshError.of(
                Code.CODE_MISSING_FIELD,
                "The agent handles tasks but offers no capability, so no task would ever reach it.",
                agent,
                "AgentSpec.capability(..) with the word that tasks are submitted to");
    }

    static Error closed() {
        return MeshError.of(Code.CODE_DRAINING, "This mesh is closed or closing; connect again to send.");
    }

    static Error full(String destination, String reason) {
        return MeshError.of(
                Code.CODE_MAILBOX_FULL, reason, destination, "room; send again later, or from a thread that may wait");
    }

    static Error tooLarge(Code code, String what, long bytes, long limit) {
        return MeshError.of(code, what + " is too large.", bytes + " bytes", "at most " + limit + " bytes");
    }

    /** What a requester hears of a reply that did not reach it. */
    static Error replyRefused(Error error) {
        return error.toBuilder()
                .setMessage("The reply was refused: " + sentence(error.getMessage()))
                .build();
    }

    /**
     * Says what the agent does handle.
     *
     * @param things messages or tasks
     * @param kind what they are told apart by: type or topic
     */
    static Error noHandler(String things, String kind, String value, Collection<String> handled) {
        String what = value.isEmpty() ? "without a " + kind : "of this " + kind;
        String names = handled.stream().sorted().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = handled.size() > MOST_NAMES ? " and " + (handled.size() - MOST_NAMES) + " more" : "";
        String hint = kind.equals("type") ? " (with dray: --type)" : "";
        return MeshError.of(
                Code.CODE_NO_HANDLER,
                "The agent has no handler for " + things + " " + what + ".",
                value,
                handled.isEmpty() ? "no " + things + ": it handles none" : kind + " " + names + more + hint);
    }

    static Error interrupted() {
        return MeshError.of(Code.CODE_CANCELLED, "The waiting thread was interrupted.");
    }

    static Error handlerFailed(Throwable failure) {
        if (failure instanceof MeshException refused) {
            return refused.error();
        }
        return MeshError.of(Code.CODE_HANDLER_FAILED, "The handler threw.", failure.toString(), "");
    }

    /** The outcome of a call that a task's handler made is not the task's own: another attempt may succeed. */
    static Error taskFailed(Throwable failure) {
        if (failure instanceof TaskFailure last) {
            return last.error();
        }
        String what = failure instanceof MeshException nested
                ? "The handler let " + nested.code().name().replaceFirst("^CODE_", "") + " escape."
                : "The handler threw.";
        return MeshError.of(Code.CODE_HANDLER_FAILED, what, failure.toString(), "").toBuilder()
                .setRetryable(true)
                .build();
    }
}
