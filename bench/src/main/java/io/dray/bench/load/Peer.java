package io.dray.bench.load;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.ObjectMapper;

/** One system under load: what serves it, and a source and a sink process. Used by one thread. */
public final class Peer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(30);
    private static final int MARGIN_SECONDS = 30;
    private static final int OUTSTANDING = 64;

    private final String name;
    private final Server server;
    private final Child sink;
    private final Child source;

    private Peer(String name, Server server, Child sink, Child source) {
        this.name = name;
        this.server = server;
        this.sink = sink;
        this.source = source;
    }

    /** Starts the two agents of a load at a running server, which is closed with the peer. */
    static Peer start(String name, Server server, String system, Path logs) throws IOException {
        String where = server.where();
        Child sink = Jvm.start(name + "-sink", LoadAgent.class, List.of(system, where, "sink"), logs);
        try {
            sink.ready(START);
            Child source = Jvm.start(name + "-source", LoadAgent.class, List.of(system, where, "source"), logs);
            source.ready(START);
            return new Peer(name, server, sink, source);
        } catch (IOException | RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    /**
     * Puts one window of load on the system and measures it and the CPU around it.
     *
     * @param kind what to do
     * @param seconds for how long
     * @return the figures
     */
    public Window measure(Load kind, int seconds) {
        double machineBefore = CpuTime.machineSeconds();
        double serverBefore = CpuTime.seconds(List.of(server.pid()));
        double agentsBefore = CpuTime.seconds(agents());

        Result result = kind == Load.REQUEST_REPLY ? requestReply(seconds) : oneWay(seconds);

        double serverUsed = CpuTime.seconds(List.of(server.pid())) - serverBefore;
        double agentsUsed = CpuTime.seconds(agents()) - agentsBefore;
        double machineUsed = CpuTime.machineSeconds() - machineBefore;
        double foreign = Math.max(0, machineUsed - serverUsed - agentsUsed);
        return new Window(
                result.perSecond(),
                result.p50Micros(),
                result.p99Micros(),
                serverUsed / seconds,
                agentsUsed / seconds,
                foreign / seconds,
                result.failures(),
                result.firstFailure());
    }

    /**
     * Returns what to call it.
     *
     * @return its name in the table
     */
    public String name() {
        return name;
    }

    @Override
    public void close() {
        try (Child _ = server.child();
                sink;
                source) {
            // Ends the source first.
        }
    }

    private Result requestReply(int seconds) {
        return read(source, "request-reply " + OUTSTANDING + " " + seconds, seconds);
    }

    private Result oneWay(int seconds) {
        read(sink, "report", 0);
        source.ask("one-way " + seconds, Duration.ofSeconds(seconds + MARGIN_SECONDS));
        return read(sink, "report", 0);
    }

    private static Result read(Child child, String command, int seconds) {
        return JSON.treeToValue(child.ask(command, Duration.ofSeconds(seconds + MARGIN_SECONDS)), Result.class);
    }

    private List<Long> agents() {
        return List.of(sink.pid(), source.pid());
    }
}
