package io.dray.agent;

import io.dray.agent.v1.AttachRequest;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.types.v1.Code;
import io.dray.types.v1.HopNote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The subscriptions of one attachment and their handlers. Guarded by itself; handlers are found in a snapshot. What
 * changes is told to the sidecar in the next frame, and all of it in each Hello.
 */
final class Topics implements FramePart {
    private record Key(String pattern, String queueGroup) {}

    /** One call of subscribe; the same pattern may be subscribed to twice, so identity counts. */
    private static final class Entry {
        private final Key key;
        private final List<String> tokens;
        private final MessageHandler handler;

        Entry(Key key, MessageHandler handler) {
            this.key = key;
            this.tokens = tokens(key.pattern);
            this.handler = handler;
        }
    }

    private final Map<Key, io.dray.agent.v1.Subscription> pending = new LinkedHashMap<>();
    private volatile List<Entry> entries = List.of();

    Topics(List<AgentSpec.Topic> topics) {
        topics.forEach(topic -> add(topic.pattern(), topic.queueGroup(), topic.handler()));
    }

    /** Adds a subscription, and returns what ends it. The caller asks for a drain after both. */
    synchronized Runnable add(String pattern, String queueGroup, MessageHandler handler) {
        check(Names.isPattern(pattern), pattern, Names.PATTERN_FORM);
        check(queueGroup.isEmpty() || Names.isName(queueGroup), queueGroup, Names.NAME_FORM);
        var entry = new Entry(new Key(pattern, queueGroup), handler);
        boolean isNew = entries.stream().noneMatch(other -> other.key.equals(entry.key));
        var longer = new ArrayList<>(entries);
        longer.add(entry);
        entries = List.copyOf(longer);
        if (isNew) {
            pending.put(entry.key, subscription(entry.key, false));
        }
        return () -> remove(entry);
    }

    /** Returns all that is in force, for a Hello; nothing is pending then. */
    synchronized List<io.dray.agent.v1.Subscription> all() {
        pending.clear();
        return entries.stream()
                .map(entry -> entry.key)
                .distinct()
                .map(key -> subscription(key, false))
                .toList();
    }

    /** Returns the patterns that are subscribed to. */
    List<String> patterns() {
        return entries.stream().map(entry -> entry.key.pattern).distinct().toList();
    }

    /** Returns the handlers that a delivery is for: those of the queue groups picked, and the others if it says so. */
    List<MessageHandler> handlers(String topic, HopNote note) {
        List<MessageHandler> handlers = new ArrayList<>(1);
        List<String> tokens = tokens(topic);
        // A sidecar that says nothing has delivered for every subscription that matches.
        boolean isForAll = note.getQueueGroupsCount() == 0 && !note.getPlainSubscribers();
        for (Entry entry : entries) {
            String group = entry.key.queueGroup;
            boolean isMeant = group.isEmpty()
                    ? note.getPlainSubscribers()
                    : note.getQueueGroupsList().contains(group);
            if ((isForAll || isMeant) && matches(entry.tokens, tokens)) {
                handlers.add(entry.handler);
            }
        }
        return handlers;
    }

    @Override
    public synchronized int moveTo(AttachRequest.Builder frame, int room) {
        int bytes = 0;
        for (var subscription : pending.values()) {
            frame.addSubscriptions(subscription);
            bytes += subscription.getSerializedSize() + 2;
        }
        pending.clear();
        return bytes;
    }

    private synchronized void remove(Entry entry) {
        var shorter = new ArrayList<>(entries);
        boolean removed = shorter.remove(entry);
        entries = List.copyOf(shorter);
        if (removed && entries.stream().noneMatch(other -> other.key.equals(entry.key))) {
            pending.put(entry.key, subscription(entry.key, true));
        }
    }

    private static boolean matches(List<String> pattern, List<String> topic) {
        for (int i = 0; i < pattern.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.equals(">")) {
                return topic.size() > i;
            }
            if (i >= topic.size()) {
                return false;
            }
            if (!wanted.equals("*") && !wanted.equals(topic.get(i))) {
                return false;
            }
        }
        return pattern.size() == topic.size();
    }

    private static List<String> tokens(String topic) {
        return List.of(topic.split("\\.", -1));
    }

    private static io.dray.agent.v1.Subscription subscription(Key key, boolean remove) {
        return io.dray.agent.v1.Subscription.newBuilder()
                .setPattern(key.pattern)
                .setQueueGroup(key.queueGroup)
                .setRemove(remove)
                .build();
    }

    private static void check(boolean isGood, String value, String expected) {
        if (!isGood) {
            throw new MeshException(
                    MeshError.of(Code.CODE_BAD_NAME, "The subscription has a bad name.", value, expected));
        }
    }
}
