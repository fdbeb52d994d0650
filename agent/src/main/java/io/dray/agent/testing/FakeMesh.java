package io.dray.agent.testing;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A whole mesh in memory, for unit tests of agents: attach as many as you like, and what they send is handled at once,
 * on the calling thread, in the order of sending. Time stands still until {@link #advance}. Belongs to the test's
 * thread; nothing here starts threads or sockets.
 *
 * <pre>{@code
 * var fake = new FakeMesh();
 * fake.attach(greeterSpec);
 * var reply = fake.attach("test").requestBlocking(Message.to("greeter").payload("Ada"), Duration.ofSeconds(1));
 * }</pre>
 */
public final class FakeMesh {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NODE = "fake";

    private final Map<String, FakeAgent> agents = new LinkedHashMap<>();
    private final Queue<Runnable> ready = new ArrayDeque<>();
    private final TreeMap<Instant, List<Runnable>> timers = new TreeMap<>();
    private final Map<String, Integer> turns = new LinkedHashMap<>();
    private final FakeTasks tasks = new FakeTasks(this);
    private Predicate<Message> lost = _ -> false;
    private UnaryOperator<byte[]> answer = question -> {
        throw new IllegalStateException("question of a task: " + new String(question, StandardCharsets.UTF_8)
                + " (expected: FakeMesh.answerQuestions before)");
    };
    private Instant now = START;
    private long instances;
    private boolean isRunning;

    /** Attaches an agent; its instances are called {@code agent/1@fake}, {@code agent/2@fake} and so on. */
    public Mesh attach(AgentSpec agent) {
        long number = ++instances;
        String suffix = agent.suffix().isEmpty() ? Long.toString(number) : agent.suffix();
        String instance = agent.name() + "/" + suffix + "@" + NODE;
        if (agents.containsKey(instance)) {
            throw new MeshException(
                    MeshError.of(Code.CODE_NAME_TAKEN, "The instance is attached already.", instance, ""));
        }
        var attached = new FakeAgent(this, agent, instance, number);
        agents.put(instance, attached);
        return attached;
    }

    /** Attaches an agent without handlers. */
    public Mesh attach(String agentName) {
        return attach(AgentSpec.named(agentName));
    }

    /** Returns a clock that shows this mesh's time. */
    public Clock clock() {
        return new FakeClock();
    }

    /** Moves time on; deadlines that pass are felt in their order. */
    public void advance(Duration by) {
        Instant end = now.plus(by);
        while (!timers.isEmpty() && !timers.firstKey().isAfter(end)) {
            var due = timers.pollFirstEntry();
            now = due.getKey();
            due.getValue().forEach(this::run);
        }
        now = end;
    }

    /** Answers what parked tasks ask; without it their handlers fail. */
    public void answerQuestions(UnaryOperator<byte[]> answers) {
        answer = answers;
    }

    byte[] answerTo(byte[] question) {
        return answer.apply(question);
    }

    /** Loses messages that match, as if their receiver had gone away: they are refused with NODE_LOST. */
    public void lose(Predicate<Message> which) {
        lost = which;
    }

    Instant now() {
        return now;
    }

    String node() {
        return NODE;
    }

    FakeTasks tasks() {
        return tasks;
    }

    List<FakeAgent> agents() {
        return List.copyOf(agents.values());
    }

    void detach(String instance) {
        agents.remove(instance);
    }

    void at(Instant time, Runnable action) {
        timers.computeIfAbsent(time, _ -> new ArrayList<>()).add(action);
    }

    /** Runs something after what is running now, so that handlers never run inside each other. */
    void run(Runnable action) {
        ready.add(action);
        if (isRunning) {
            return;
        }
        isRunning = true;
        try {
            for (Runnable next = ready.poll(); next != null; next = ready.poll()) {
                next.run();
            }
        } finally {
            isRunning = false;
        }
    }

    /** Whether a handler is running, in which waiting for another one would never end. */
    boolean isRunning() {
        return isRunning;
    }

    /** Gives a message to those it is for; the sender hears of refusals and outcomes. */
    void deliver(Envelope envelope, FakeReceipts sender) {
        if (lost.test(Message.received(envelope, HopNote.getDefaultInstance()))) {
            sender.onRefused(MeshError.of(Code.CODE_NODE_LOST, "The test lost this message."));
            return;
        }
        List<FakeAgent> receivers = receivers(envelope.getTo());
        if (receivers.isEmpty() && !envelope.getTo().hasTopic()) {
            sender.onRefused(MeshError.of(
                    Code.CODE_NO_SUCH_DESTINATION, "Nobody is attached who answers to it.", text(envelope), ""));
            return;
        }
        sender.onAccepted();
        if (envelope.getTo().hasTopic()) {
            publish(envelope);
            return;
        }
        FakeAgent receiver = inTurn(text(envelope), receivers);
        run(() -> receiver.handle(envelope, sender));
    }

    private void publish(Envelope envelope) {
        String topic = envelope.getTo().getTopic();
        Map<String, List<Runnable>> groups = new LinkedHashMap<>();
        for (FakeAgent agent : agents()) {
            for (var subscription : agent.subscriptions(topic)) {
                Runnable handling = () -> agent.handleTopic(envelope, subscription.handler());
                if (subscription.queueGroup().isEmpty()) {
                    run(handling);
                } else {
                    groups.computeIfAbsent(subscription.queueGroup(), _ -> new ArrayList<>())
                            .add(handling);
                }
            }
        }
        groups.forEach((group, members) -> run(inTurn("group " + group, members)));
    }

    private List<FakeAgent> receivers(Address to) {
        return agents().stream()
                .filter(agent -> switch (to.getTargetCase()) {
                    case AGENT -> agent.spec().name().equals(to.getAgent());
                    case INSTANCE -> agent.instance().equals(to.getInstance());
                    case CAPABILITY -> agent.spec().capabilities().contains(to.getCapability());
                    case TOPIC, TARGET_NOT_SET -> false;
                })
                .toList();
    }

    private <T> T inTurn(String key, List<T> choices) {
        int turn = turns.merge(key, 1, Integer::sum);
        return choices.get((turn - 1) % choices.size());
    }

    private static String text(Envelope envelope) {
        return Addresses.text(envelope.getTo());
    }

    private final class FakeClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
