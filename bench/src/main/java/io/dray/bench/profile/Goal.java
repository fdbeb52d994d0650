package io.dray.bench.profile;

import io.dray.bench.report.Contender;
import java.util.List;

/**
 * A goal for the data plane whose scenario is profiled.
 *
 * @param name of its files
 * @param goal in words, for tables
 * @param scenario of the messaging suite
 * @param contender who carries it
 */
record Goal(String name, String goal, String scenario, Contender contender) {
    private static final Contender LOCAL = new Contender("dray", "local", "uds");
    private static final Contender REMOTE = new Contender("dray", "remote", "uds");
    private static final Contender AT_LEAST_ONCE = new Contender("dray-at-least-once", "local", "uds");

    static List<Goal> all() {
        return List.of(
                new Goal("request-reply-64", "525k/s, P99 0.25 ms", "request-reply", LOCAL),
                new Goal("round-trip-1", "70 / 120 us", "request-reply-1", LOCAL),
                new Goal("round-trip-1k", "0.5x / 1.0x NATS", "round-trip-1k", LOCAL),
                new Goal("one-way-100b", "3.5M/s", "flood-100b", LOCAL),
                new Goal("one-way-1kb", "850k/s", "flood-1kb", LOCAL),
                new Goal("one-way-100k", "80 us / 1 ms", "one-way-100k", LOCAL),
                new Goal("remote-100b", "1.2M/s", "flood-100b", REMOTE),
                new Goal("remote-1kb", "400k/s", "flood-1kb", REMOTE),
                new Goal("remote-one-way-1k", "120 us / 1 ms", "one-way-1k", REMOTE),
                new Goal("at-least-once", "80 % of one-way 100 B", "flood-100b", AT_LEAST_ONCE),
                new Goal("agents-50", "60k/s", "agents-50", LOCAL));
    }
}
