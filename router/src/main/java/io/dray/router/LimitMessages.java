package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.router.dispatch.LimitUse;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Limit.Scope;
import io.dray.router.tasks.Outcome;
import io.dray.types.v1.Code;
import java.util.Locale;

/** Limits to and from the contract's messages, with the checks of what comes in. Stateless. */
final class LimitMessages {
    private static final double MAX_RATE = 1_000_000;
    private static final int MAX_BURST = 1_000_000;

    private LimitMessages() {}

    /** Returns what was asked for, or why it cannot be. */
    static Outcome<Limit> check(io.dray.router.v1.Limit asked) {
        boolean isOfQueue = !asked.getQueue().isEmpty();
        if (isOfQueue == !asked.getCapability().isEmpty()) {
            return refuse(
                    "A limit is of one queue or of one capability.",
                    isOfQueue ? "queue " + asked.getQueue() + ", capability " + asked.getCapability() : "neither",
                    "exactly one of queue and capability");
        }
        String name = isOfQueue ? asked.getQueue() : asked.getCapability();
        if (!Names.isName(name)) {
            return Outcome.refused(MeshError.of(
                    Code.CODE_BAD_NAME,
                    isOfQueue ? "The queue has a bad name." : "The capability has a bad name.",
                    name,
                    Names.NAME_FORM));
        }
        return checkNumbers(asked, isOfQueue ? Scope.QUEUE : Scope.CAPABILITY, name);
    }

    private static Outcome<Limit> checkNumbers(io.dray.router.v1.Limit asked, Scope scope, String name) {
        if (asked.getMaxRunning() < 0) {
            return refuse(
                    "max_running is too large.",
                    Integer.toUnsignedString(asked.getMaxRunning()),
                    "at most " + Integer.MAX_VALUE + "; 0 means no limit");
        }
        double rate = asked.getRatePerS();
        // Written so that NaN is refused too.
        if (!(rate >= 0 && rate <= MAX_RATE)) {
            return refuse(
                    "rate_per_s is not allowed.",
                    Double.toString(rate),
                    String.format(Locale.ROOT, "0 to %.0f starts per second; 0 means no limit", MAX_RATE));
        }
        int burst = asked.getBurst();
        if (burst < 0 || burst > MAX_BURST || (burst > 0 && rate == 0)) {
            return refuse(
                    "burst is not allowed.",
                    Integer.toUnsignedString(burst),
                    rate == 0 ? "0 where rate_per_s is 0" : "at most " + MAX_BURST + "; 0 means one second's worth");
        }
        if (asked.getStrict() && scope != Scope.QUEUE) {
            return refuse("Only a queue can be strict.", "capability " + name, "strict with a queue");
        }
        return Outcome.done(new Limit(scope, name, asked.getMaxRunning(), rate + 0.0, burst, asked.getStrict()));
    }

    private static Outcome<Limit> refuse(String message, String value, String expected) {
        return Outcome.refused(MeshError.of(Code.CODE_INVALID_REQUEST, message, value, expected));
    }

    /** Returns a limit with what runs under it. */
    static io.dray.router.v1.Limit message(LimitUse use) {
        Limit limit = use.limit();
        var builder = io.dray.router.v1.Limit.newBuilder()
                .setMaxRunning(limit.maxRunning())
                .setRatePerS(limit.ratePerSecond())
                .setBurst(limit.burst())
                .setStrict(limit.strict())
                .setRunning(use.running())
                .setHeldBack(use.heldBack());
        return switch (limit.scope()) {
            case QUEUE -> builder.setQueue(limit.name()).build();
            case CAPABILITY -> builder.setCapability(limit.name()).build();
        };
    }

    /** Returns the name by which pages are cut; capabilities come before queues. */
    static String token(io.dray.router.v1.Limit limit) {
        return limit.getQueue().isEmpty() ? "capability/" + limit.getCapability() : "queue/" + limit.getQueue();
    }
}
