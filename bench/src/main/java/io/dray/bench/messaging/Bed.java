package io.dray.bench.messaging;

import io.dray.bench.load.LoadAgent;
import io.dray.bench.load.Result;
import io.dray.bench.load.Side;
import io.dray.bench.load.Work;
import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import io.dray.bench.report.Contender;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** All processes of one contender under one load: what serves it, a sink and a source. Used by one thread. */
public final class Bed implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final int STRAGGLER_MILLIS = 2_000;

    private final Scenario scenario;
    private final Contender contender;
    private final Path folder;
    private final List<Part> parts = new ArrayList<>();
    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private Map<String, String> variables = Map.of();
    private SidecarMeters sidecars = new SidecarMeters(List.of());

    /**
     * Creates a bed without any process.
     *
     * @param scenario says what the agents do
     * @param contender who is measured
     * @param folder an existing one, for sockets and logs
     */
    public Bed(Scenario scenario, Contender contender, Path folder) {
        this.scenario = scenario;
        this.contender = contender;
        this.folder = folder;
    }

    /**
     * Returns who is measured.
     *
     * @return as given
     */
    public Contender contender() {
        return contender;
    }

    /**
     * Returns where sockets and logs are.
     *
     * @return an existing folder
     */
    public Path folder() {
        return folder;
    }

    /**
     * Returns the processes.
     *
     * @return those that were added so far
     */
    public List<Part> parts() {
        return parts;
    }

    /**
     * Returns the meters of our sidecars.
     *
     * @return empty unless {@link #read} was called
     */
    public SidecarMeters sidecars() {
        return sidecars;
    }

    /**
     * Adds a process; what was added last is closed first.
     *
     * @param part the process
     * @param closing ends it
     */
    public void add(Part part, AutoCloseable closing) {
        parts.add(part);
        toClose.push(closing);
    }

    /**
     * Says where the meters of our sidecars are.
     *
     * @param meters closed with the bed
     */
    public void read(SidecarMeters meters) {
        sidecars = meters;
        toClose.push(meters);
    }

    /**
     * Changes the environment of the agents that are started from now on.
     *
     * @param changed variables by name
     */
    public void setVariables(Map<String, String> changed) {
        variables = Map.copyOf(changed);
    }

    /**
     * Starts the agent that receives.
     *
     * @param system its carrier
     * @param where what it connects to
     * @return where it can be reached without anything between
     * @throws IOException when it cannot be started
     */
    public String startSink(String system, String where) throws IOException {
        return startAgent("sink", new Side(system, where, true, sinkAgents(), publishes()));
    }

    /**
     * Starts the agent that sends; it is ready when the sink has answered it.
     *
     * @param system its carrier
     * @param where what it connects to
     * @throws IOException when it cannot be started
     */
    public void startSource(String system, String where) throws IOException {
        var _ = startAgent("source", new Side(system, where, false, scenario.agents(), publishes()));
    }

    /**
     * Starts an agent of a load.
     *
     * @param role its name here
     * @param side what it does
     * @return where it can be reached without anything between
     * @throws IOException when it cannot be started
     */
    public String startAgent(String role, Side side) throws IOException {
        return startAgent(role, LoadAgent.class, side);
    }

    /**
     * Starts an agent with a main class of its own, which says where it can be reached when it is ready.
     *
     * @param role its name here
     * @param main answers a load and {@code gc} as {@link LoadAgent} does
     * @param side its argument, passed as JSON
     * @return where it can be reached without anything between
     * @throws IOException when it cannot be started
     */
    public String startAgent(String role, Class<?> main, Object side) throws IOException {
        Child child = Jvm.startAgent(role, main, List.of(JSON.writeValueAsString(side)), variables, folder);
        add(Part.jvm(role, child), child);
        return child.ready(START).get("where").asString();
    }

    /**
     * Puts load on.
     *
     * @param work the load
     * @return what became of it, as the side saw that sees its end
     */
    public Result run(Work work) {
        Duration patience = ANSWER.plusMillis((long) (work.seconds() * 1_000));
        Result source = ask("source", JSON.writeValueAsString(work), patience);
        if (!work.isOneWay()) {
            return source;
        }
        Result sink = ask("sink", "report " + source.sent() * work.receivers() + " " + STRAGGLER_MILLIS, ANSWER);
        // Of a plan the rate is that of its whole time, however late its first message came.
        double seconds = work.kind() == Work.Kind.OPEN ? Math.max(work.seconds(), sink.seconds()) : sink.seconds();
        return new Result(
                sink.sent(),
                sink.operations(),
                seconds,
                sink.failures() + source.failures(),
                source.failures() == 0 ? sink.firstFailure() : source.firstFailure(),
                sink.duplicates(),
                sink.latencies());
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (AutoCloseable closing : toClose) {
            try {
                closing.close();
            } catch (Exception e) {
                first = first == null ? new IllegalStateException("a process could not be ended", e) : first;
            }
        }
        toClose.clear();
        if (first != null) {
            throw first;
        }
    }

    private boolean publishes() {
        return scenario.work().receivers() > 1;
    }

    private int sinkAgents() {
        return Math.max(scenario.agents(), scenario.work().receivers());
    }

    private Result ask(String role, String command, Duration patience) {
        for (Part part : parts) {
            if (part.role().equals(role)) {
                return JSON.treeToValue(part.child().ask(command, patience), Result.class);
            }
        }
        throw new IllegalStateException("no " + role + " was started");
    }
}
