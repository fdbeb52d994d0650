package io.dray.sidecar.queue;

import io.dray.types.v1.HopNote;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a hop knows of an envelope beside its bytes. Immutable, shared by all envelopes with the same facts, so that runs
 * of them can be told by identity.
 */
public final class Hop {
    private final String principal;
    private final byte[] principalUtf8;
    private final int attempt;
    private final int relays;
    private final List<String> queueGroups;
    private final boolean plainSubscribers;
    private final boolean cached;

    private Hop(HopNote note) {
        this.principal = note.getPrincipal();
        this.principalUtf8 = principal.getBytes(StandardCharsets.UTF_8);
        this.attempt = note.getAttempt();
        this.relays = note.getRelays();
        this.queueGroups = List.copyOf(note.getQueueGroupsList());
        this.plainSubscribers = note.getPlainSubscribers();
        this.cached = note.getCached();
    }

    /** Returns the facts of a note; its range and deadline are not part of them. */
    public static Hop of(HopNote note) {
        return new Hop(note);
    }

    /** Returns the facts of envelopes that an attached agent sends. */
    public static Hop from(String principal) {
        return new Hop(HopNote.newBuilder().setPrincipal(principal).build());
    }

    /** Returns these facts for one node of a publication. */
    public Hop forTopic(boolean plain, List<String> groups) {
        return new Hop(
                note().setPlainSubscribers(plain).addAllQueueGroups(groups).build());
    }

    /** Verified identity of the sender; empty means not verified. */
    public String principal() {
        return principal;
    }

    /** The principal's bytes; not to be changed. */
    public byte[] principalUtf8() {
        return principalUtf8;
    }

    /** Which delivery it is; 0 means the first. */
    public int attempt() {
        return attempt;
    }

    /** Queue groups of a topic for which this node was picked. */
    public List<String> queueGroups() {
        return queueGroups;
    }

    /** Whether this node delivers to subscribers outside of queue groups. */
    public boolean plainSubscribers() {
        return plainSubscribers;
    }

    /** Whether there is nothing to tell an agent. */
    public boolean silentForAgents() {
        return principal.isEmpty() && attempt == 0 && !cached;
    }

    /** Whether a sidecar answered from its cache. */
    public boolean cached() {
        return cached;
    }

    /** Returns the note of these facts, without range and deadline. */
    public HopNote.Builder note() {
        return HopNote.newBuilder()
                .setPrincipal(principal)
                .setAttempt(attempt)
                .setRelays(relays)
                .addAllQueueGroups(queueGroups)
                .setPlainSubscribers(plainSubscribers)
                .setCached(cached);
    }
}
