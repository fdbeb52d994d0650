package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import io.dray.core.wire.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an agent is and does: its name, capabilities, handlers and slots. Immutable: each method returns a changed copy.
 * Handlers are picked by the message's or task's type; one registered for the empty type takes what no other does.
 */
@CheckReturnValue
public final class AgentSpec {
    /** One subscription that is in force from the attachment on. */
    public record Topic(String pattern, String queueGroup, MessageHandler handler) {}

    private final Identity identity;
    private final Map<String, List<MessageHandler>> messageHandlers;
    private final Map<String, TaskHandler> taskHandlers;
    private final List<Topic> topics;
    private final int taskSlots;
    private final boolean inline;
    private final Optional<RefusalListener> refusalListener;

    private record Identity(String name, String suffix, List<String> capabilities, Map<String, String> labels) {}

    private AgentSpec(
            Identity identity,
            Map<String, List<MessageHandler>> messageHandlers,
            Map<String, TaskHandler> taskHandlers,
            List<Topic> topics,
            int taskSlots,
            boolean inline,
            Optional<RefusalListener> refusalListener) {
        this.identity = identity;
        this.messageHandlers = messageHandlers;
        this.taskHandlers = taskHandlers;
        this.topics = topics;
        this.taskSlots = taskSlots;
        this.inline = inline;
        this.refusalListener = refusalListener;
    }

    /** Starts an agent of that name, which must be {@code [a-z0-9]([a-z0-9.-]{0,62})}. */
    public static AgentSpec named(String name) {
        requireName("agent", name);
        return new AgentSpec(
                new Identity(name, "", List.of(), Map.of()), Map.of(), Map.of(), List.of(), 0, false, Optional.empty());
    }

    /** Sets the suffix of the instance, unique on its node; without one the sidecar picks a random one. */
    public AgentSpec suffix(String suffix) {
        requireName("suffix", suffix);
        return with(new Identity(identity.name, suffix, identity.capabilities, identity.labels));
    }

    /** Advertises a word that others address and that tasks ask for; at most 64. */
    public AgentSpec capability(String capability) {
        requireName("capability", capability);
        var capabilities = append(identity.capabilities, capability);
        return with(new Identity(identity.name, identity.suffix, capabilities, identity.labels));
    }

    /** Adds a word about the instance; at most 64. */
    public AgentSpec label(String name, String value) {
        return with(
                new Identity(identity.name, identity.suffix, identity.capabilities, put(identity.labels, name, value)));
    }

    /** Handles messages of any type. */
    public AgentSpec onMessage(MessageHandler handler) {
        return onMessage("", handler);
    }

    /** Handles messages of one type. */
    public AgentSpec onMessage(String type, MessageHandler handler) {
        return new AgentSpec(
                identity,
                put(messageHandlers, type, List.of(handler)),
                taskHandlers,
                topics,
                taskSlots,
                inline,
                refusalListener);
    }

    /** Answers requests of any type. */
    public AgentSpec onRequest(RequestHandler handler) {
        return onRequest("", handler);
    }

    /** Answers requests of one type. */
    public AgentSpec onRequest(String type, RequestHandler handler) {
        Objects.requireNonNull(handler);
        return onMessage(type, (message, context) -> context.reply(handler.handle(message)));
    }

    /** Receives what is published to a topic pattern. */
    public AgentSpec subscribe(String pattern, MessageHandler handler) {
        return subscribe(pattern, "", handler);
    }

    /** Receives its share of what is published to a topic pattern; members of the same queue group share. */
    public AgentSpec subscribe(String pattern, String queueGroup, MessageHandler handler) {
        var topic = new Topic(pattern, queueGroup, handler);
        return new AgentSpec(
                identity, messageHandlers, taskHandlers, append(topics, topic), taskSlots, inline, refusalListener);
    }

    /**
     * Runs message handlers on the event loop, one after the other in the order of arrival: the fastest way, but such a
     * handler must not block; {@link Mesh#send} in it throws where it would have to wait.
     */
    public AgentSpec inlineHandlers() {
        return new AgentSpec(identity, messageHandlers, taskHandlers, topics, taskSlots, true, refusalListener);
    }

    /** Hears of refused messages whose sender asked for no receipt; without it they are only logged at DEBUG. */
    public AgentSpec onRefused(RefusalListener listener) {
        return new AgentSpec(identity, messageHandlers, taskHandlers, topics, taskSlots, inline, Optional.of(listener));
    }

    /** Runs tasks of any type; makes the agent a worker with one slot unless {@link #taskSlots} says more. */
    public AgentSpec onTask(TaskHandler handler) {
        return onTask("", handler);
    }

    /** Runs tasks of one type; makes the agent a worker with one slot unless {@link #taskSlots} says more. */
    public AgentSpec onTask(String type, TaskHandler handler) {
        int slots = Math.max(taskSlots, 1);
        return new AgentSpec(
                identity, messageHandlers, put(taskHandlers, type, handler), topics, slots, inline, refusalListener);
    }

    /** Sets how many tasks run at once, 1 or more. */
    public AgentSpec taskSlots(int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("taskSlots: " + slots + " (expected: > 0)");
        }
        return new AgentSpec(identity, messageHandlers, taskHandlers, topics, slots, inline, refusalListener);
    }

    /** Returns the agent name. */
    public String name() {
        return identity.name;
    }

    /** Returns the suffix; empty when the sidecar picks one. */
    public String suffix() {
        return identity.suffix;
    }

    /** Returns the words it advertises. */
    public List<String> capabilities() {
        return identity.capabilities;
    }

    /** Returns the words about it. */
    public Map<String, String> labels() {
        return identity.labels;
    }

    /** Returns the subscriptions that are in force from the attachment on. */
    public List<Topic> topics() {
        return topics;
    }

    /** Returns how many tasks it runs at once; 0 when it has no task handler. */
    public int slots() {
        return taskHandlers.isEmpty() ? 0 : taskSlots;
    }

    /** Whether message handlers run on the event loop. */
    public boolean isInline() {
        return inline;
    }

    /** Returns the handler for messages of a type: one, or none. */
    public List<MessageHandler> messageHandlers(String type) {
        List<MessageHandler> handlers = messageHandlers.get(type);
        return handlers != null ? handlers : messageHandlers.getOrDefault("", List.of());
    }

    /** Returns the types of messages that it has handlers for. */
    public Set<String> messageTypes() {
        return messageHandlers.keySet();
    }

    /** Returns the types of tasks that it has handlers for. */
    public Set<String> taskTypes() {
        return taskHandlers.keySet();
    }

    /** Returns who hears of refused messages. */
    public Optional<RefusalListener> refusalListener() {
        return refusalListener;
    }

    /** Returns the handler for tasks of a type. */
    public Optional<TaskHandler> taskHandler(String type) {
        return Optional.ofNullable(taskHandlers.getOrDefault(type, taskHandlers.get("")));
    }

    private AgentSpec with(Identity changed) {
        return new AgentSpec(changed, messageHandlers, taskHandlers, topics, taskSlots, inline, refusalListener);
    }

    private static void requireName(String what, String name) {
        if (!Names.isName(name)) {
            throw new IllegalArgumentException(what + ": " + name + " (expected: " + Names.NAME_FORM + ")");
        }
    }

    private static <T> List<T> append(List<T> list, T last) {
        var longer = new ArrayList<>(list);
        longer.add(Objects.requireNonNull(last));
        return List.copyOf(longer);
    }

    private static <T> Map<String, T> put(Map<String, T> map, String key, T value) {
        var larger = new HashMap<>(map);
        larger.put(key, Objects.requireNonNull(value));
        return Map.copyOf(larger);
    }
}
