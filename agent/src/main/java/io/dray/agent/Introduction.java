package io.dray.agent;

import io.dray.agent.v1.Hello;
import io.dray.types.v1.Version;
import io.dray.types.v1.Window;
import java.time.Instant;
import java.util.Optional;

/** How an agent introduces itself on each stream. Belongs to the loop. */
final class Introduction {
    /** Feature word of those that send and take large payloads as chunks. */
    static final String CHUNKS = "chunks";

    private static final String SOFTWARE = "dray-java/0.1";

    private final AgentSpec agent;
    private final Loop loop;
    private final Topics topics;
    private final TaskRunner tasks;
    private final long incarnationNanos;

    Introduction(AgentSpec agent, Loop loop, Topics topics, TaskRunner tasks) {
        this.agent = agent;
        this.loop = loop;
        this.topics = topics;
        this.tasks = tasks;
        this.incarnationNanos = processStartNanos(loop.clock().instant());
    }

    /**
     * Returns the Hello of a new stream.
     *
     * @param suffix what the last Welcome named, if there was one
     * @param resumed the session to go on with
     */
    Hello hello(Optional<String> suffix, Optional<Session> resumed, Window window) {
        var hello = Hello.newBuilder()
                .setVersion(Version.newBuilder()
                        .setMajor(1)
                        .setSoftware(SOFTWARE)
                        .addFeatures(CHUNKS)
                        .addFeatures(Rings.FEATURE))
                .setAgent(agent.name())
                .setSuffix(suffix.orElse(agent.suffix()))
                .addAllCapabilities(agent.capabilities())
                .putAllLabels(agent.labels())
                .setTaskSlots(agent.slots())
                .addAllSubscriptions(topics.all())
                .addAllRunning(tasks.running())
                .setWindow(window)
                .setIncarnation(incarnationNanos)
                .setClockUnixMicros(loop.unixMicros());
        resumed.ifPresent(session -> hello.setSession(session.id()).setSessionSecret(session.secret()));
        return hello.build();
    }

    private static long processStartNanos(Instant otherwise) {
        var instant = ProcessHandle.current().info().startInstant().orElse(otherwise);
        return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    }
}
