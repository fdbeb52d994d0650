package io.dray.bench.messaging;

import io.dray.bench.load.Work;
import io.dray.bench.report.Contender;
import java.util.ArrayList;
import java.util.List;

/** All that the suite measures under load. OtherSystems run in the same scenario as Dray, window by window in turn. */
public final class Scenarios {
    private static final int SMALL = 100;
    private static final int KIB = 1_024;
    private static final int MANY_AGENTS = 50;
    private static final int SUBSCRIBERS = 10;

    private static final Contender LOCAL = new Contender("dray", "local", "uds");
    private static final Contender LOCAL_TCP = new Contender("dray", "local", "tcp");
    private static final Contender REMOTE = new Contender("dray", "remote", "uds");
    private static final Contender VIRTUAL = new Contender("dray-virtual", "local", "uds");
    private static final Contender VIRTUAL_REMOTE = new Contender("dray-virtual", "remote", "uds");
    private static final Contender AT_LEAST_ONCE = new Contender("dray-at-least-once", "local", "uds");
    private static final Contender ZSTD_ALWAYS = new Contender("dray-zstd-always", "remote", "uds");
    private static final Contender ZSTD_NEVER = new Contender("dray-zstd-never", "remote", "uds");
    private static final Contender METERS_OFF = new Contender(Beds.METERS_OFF, "local", "uds");
    private static final Contender NATS = new Contender("nats", "local", "tcp");
    private static final Contender GRPC = new Contender("grpc", "local", "uds");
    private static final Contender GRPC_BIDI = new Contender("grpc-bidi", "local", "uds");
    private static final Contender NGINX = new Contender("nginx", "local", "tcp");
    private static final Contender HAPROXY = new Contender("haproxy", "local", "tcp");

    private static final String UNPACED = "as fast as accepted, however far ahead";

    private static final List<Scenario> ALL = all();

    private Scenarios() {}

    static List<Scenario> full() {
        return ALL;
    }

    /** Some scenarios, with Dray on its default transport alone: for a first look. */
    static List<Scenario> quick() {
        return List.of(
                named("request-reply").with(List.of(LOCAL, NATS, GRPC, NGINX, HAPROXY)),
                named("round-trip-1k").with(List.of(LOCAL, NATS, GRPC)),
                named("one-way-1k").with(List.of(REMOTE)),
                named("flood-100b").with(List.of(LOCAL, NATS, GRPC_BIDI)));
    }

    /** A scenario with fewer of our own contenders, and all of its others; itself when it has no quick form. */
    static Scenario quickOf(Scenario scenario) {
        List<Scenario> forms = quick().stream()
                .filter(candidate -> candidate.name().equals(scenario.name()))
                .toList();
        return forms.isEmpty()
                ? scenario
                : scenario.with(scenario.contenders().stream()
                        .filter(contender -> !isOurs(contender)
                                || forms.getFirst().contenders().contains(contender))
                        .toList());
    }

    static boolean isOurs(Contender contender) {
        return contender.system().startsWith("dray");
    }

    static Scenario named(String name) {
        return ALL.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scenario: " + name + " (expected: one of --list)"));
    }

    private static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        closed(all);
        open(all);
        floods(all);
        Work many = Work.closed(SMALL, MANY_AGENTS);
        all.add(new Scenario(
                "agents-50",
                "50 agents, 1 request each outstanding",
                many,
                MANY_AGENTS,
                list(LOCAL, LOCAL_TCP, VIRTUAL, NATS, GRPC)));
        all.add(one("fan-out-10", "published to 10 subscribers", Work.flood(SMALL, SUBSCRIBERS), LOCAL, REMOTE, NATS));
        all.add(one(
                "text-10kb",
                "real text between two nodes, zstd auto, always, never",
                Work.flood(10 * KIB, 1),
                REMOTE,
                ZSTD_ALWAYS,
                ZSTD_NEVER));
        all.add(one(
                "meters-off",
                "64 requests outstanding, with and without meters on the hot path",
                Work.closed(SMALL, 64),
                LOCAL,
                METERS_OFF));
        return List.copyOf(all);
    }

    private static void closed(List<Scenario> all) {
        all.add(one(
                "request-reply",
                "64 requests outstanding",
                Work.closed(SMALL, 64),
                LOCAL,
                LOCAL_TCP,
                REMOTE,
                VIRTUAL,
                NATS,
                GRPC,
                GRPC_BIDI,
                NGINX,
                HAPROXY));
        all.add(one(
                "request-reply-1",
                "1 request outstanding",
                Work.closed(SMALL, 1),
                LOCAL,
                LOCAL_TCP,
                REMOTE,
                VIRTUAL,
                NATS,
                GRPC,
                GRPC_BIDI,
                NGINX,
                HAPROXY));
        all.add(one(
                "request-reply-512",
                "512 requests outstanding",
                Work.closed(SMALL, 512),
                LOCAL,
                VIRTUAL,
                NATS,
                GRPC_BIDI));
    }

    private static void open(List<Scenario> all) {
        all.add(one(
                "round-trip-1k",
                "1,000 requests/s planned",
                Work.requests(SMALL, 1_000),
                LOCAL,
                LOCAL_TCP,
                REMOTE,
                VIRTUAL,
                NATS,
                GRPC));
        all.add(one(
                "one-way-1k",
                "1,000 messages/s planned",
                Work.messages(SMALL, 1_000),
                LOCAL,
                REMOTE,
                VIRTUAL_REMOTE,
                NATS,
                GRPC_BIDI));
        all.add(one("one-way-10k", "10,000 messages/s planned", Work.messages(SMALL, 10_000), LOCAL, REMOTE, NATS));
        all.add(one(
                "one-way-100k",
                "100,000 messages/s planned",
                Work.messages(SMALL, 100_000),
                LOCAL,
                REMOTE,
                VIRTUAL,
                NATS,
                GRPC_BIDI));
    }

    private static void floods(List<Scenario> all) {
        all.add(one(
                "flood-100b",
                "as fast as accepted",
                Work.flood(SMALL, 1),
                LOCAL,
                LOCAL_TCP,
                REMOTE,
                VIRTUAL,
                VIRTUAL_REMOTE,
                AT_LEAST_ONCE,
                NATS,
                GRPC_BIDI));
        all.add(one(
                "flood-1kb",
                "as fast as accepted",
                Work.flood(KIB, 1),
                LOCAL,
                LOCAL_TCP,
                REMOTE,
                VIRTUAL,
                VIRTUAL_REMOTE,
                NATS,
                GRPC_BIDI));
        all.add(one("flood-unpaced-100b", UNPACED, Work.unpacedFlood(SMALL), LOCAL, NATS));
        all.add(one("flood-unpaced-1kb", UNPACED, Work.unpacedFlood(KIB), LOCAL, NATS));
        all.add(one("flood-10kb", "as fast as accepted", Work.flood(10 * KIB, 1), LOCAL, REMOTE, NATS));
        all.add(one("flood-100kb", "as fast as accepted", Work.flood(100 * KIB, 1), LOCAL, REMOTE, NATS));
        all.add(one("flood-1mb", "as fast as accepted", Work.flood(KIB * KIB, 1), LOCAL, REMOTE, NATS));
    }

    private static Scenario one(String name, String what, Work work, Contender... contenders) {
        return new Scenario(name, what, work, 1, list(contenders));
    }

    private static List<Contender> list(Contender... contenders) {
        return List.of(contenders);
    }
}
