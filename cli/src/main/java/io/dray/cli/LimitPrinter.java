package io.dray.cli;

import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.Limit;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Limits of queues and capabilities for people and for programs. Stateless. */
final class LimitPrinter {
    private static final String NONE = "-";

    private LimitPrinter() {}

    static void printTable(PrintStream out, List<Limit> limits) {
        Table table = new Table("OF", "NAME", "RUNNING", "MAX", "PER SECOND", "BURST", "STRICT", "HELD BACK");
        for (Limit limit : limits) {
            table.row(
                    limit.getQueue().isEmpty() ? "capability" : "queue",
                    limit.getQueue().isEmpty() ? limit.getCapability() : limit.getQueue(),
                    Long.toUnsignedString(limit.getRunning()),
                    count(limit.getMaxRunning()),
                    limit.getRatePerS() == 0 ? NONE : number(limit.getRatePerS()),
                    count(limit.getBurst()),
                    limit.getStrict() ? "yes" : "no",
                    Long.toUnsignedString(limit.getHeldBack()));
        }
        table.print(out);
    }

    private static String count(int count) {
        return count == 0 ? NONE : Integer.toUnsignedString(count);
    }

    private static String number(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    static void printJson(PrintStream out, List<Limit> limits) {
        var array = Json.array();
        limits.forEach(limit -> array.add(json(limit)));
        Json.print(out, array);
    }

    /** One limit with the contract's names. */
    static ObjectNode json(Limit limit) {
        ObjectNode object = Json.object();
        if (limit.getQueue().isEmpty()) {
            object.put("capability", limit.getCapability());
        } else {
            object.put("queue", limit.getQueue());
        }
        return object.put("max_running", Integer.toUnsignedLong(limit.getMaxRunning()))
                .put("rate_per_s", limit.getRatePerS())
                .put("burst", Integer.toUnsignedLong(limit.getBurst()))
                .put("strict", limit.getStrict())
                .put("running", limit.getRunning())
                .put("held_back", limit.getHeldBack());
    }
}
