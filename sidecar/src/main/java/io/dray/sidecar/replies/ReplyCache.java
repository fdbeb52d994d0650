package io.dray.sidecar.replies;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.Header;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.RefusalListener;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests of this host's agents that were answered before: when the agent marked the reply with a time, an
 * identical request within that time gets it again, and identical ones at the same moment share one way to the agent.
 *
 * <p>What is no use costs nothing: of a destination the first requests are noted until they are answered; if no reply was
 * marked, the others pass unseen until one is. Only AT_MOST_ONCE without an ordering key is looked at, and payloads that
 * stand in their envelope. Thread-safe; nothing is called out under a lock.
 */
public final class ReplyCache implements RefusalListener {
    private static final int MAX_DESTINATIONS = 4_096;
    private static final int MAX_FLIGHTS = 16_384;
    /** A request without a deadline is not waited for longer. */
    private static final long PATIENCE_MICROS = TimeUnit.SECONDS.toMicros(30);

    private final Settings settings;
    private final MemoryBudget.Share budget;
    private final Consumer<Parcel> forward;
    private final CachedReplyWriter writer;
    private final Executor executor;
    private final KeptReplies kept;
    private final Map<Destination, Marks> destinations = new ConcurrentHashMap<>();
    private final Map<RequestId, Flight> flights = new ConcurrentHashMap<>();
    private final Map<RequestKey, Flight> shared = new ConcurrentHashMap<>();
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder coalesced = new LongAdder();

    /**
     * How it is bounded and what makes requests identical.
     *
     * @param bytes of replies, with what waits for the same reply; 0 keeps none
     * @param headers names of the headers that count; empty means all
     */
    public record Settings(long bytes, Set<String> headers) {
        /** Copies the names. */
        public Settings {
            headers = Set.copyOf(headers);
        }

        boolean counts(String header) {
            return headers.isEmpty() || headers.contains(header);
        }
    }

    /** What became of a request. */
    public enum Verdict {
        /** None of the cache's business: neither is the one behind it with the same head. */
        UNSEEN,
        /** To be forwarded; the next one has to be shown too. */
        NOTED,
        /** Answered, or waiting for the reply to another one: not to be forwarded. */
        TAKEN
    }

    /**
     * What was counted since the start, and what is there now.
     *
     * @param hits requests answered from the cache
     * @param misses requests to destinations that mark replies, that went to an agent
     * @param coalesced requests that shared the reply to another one
     * @param stored replies that were kept
     * @param evicted replies that had to go for others before their time
     * @param entries replies there now
     * @param bytes of them
     */
    public record Stats(long hits, long misses, long coalesced, long stored, long evicted, long entries, long bytes) {}

    private record RequestId(long session, long sequence) {}

    /**
     * Creates an empty cache.
     *
     * @param forward sends a request on its way as if it had not been held
     * @param writer writes replies to the mailboxes of requesters
     * @param executor where waiting requests go on when the one they waited for was refused
     */
    public ReplyCache(
            Settings settings,
            MemoryBudget budget,
            Consumer<Parcel> forward,
            CachedReplyWriter writer,
            Executor executor,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.budget = budget.share("cached replies", settings.bytes);
        this.forward = forward;
        this.writer = writer;
        this.executor = executor;
        this.kept = new KeptReplies(settings.bytes, this.budget, nanoTime);
    }

    /** Whether an envelope may concern it at all; cheap. */
    public boolean isConcerned(Header header) {
        return settings.bytes > 0
                && switch (header.kind()) {
                    case Kind.KIND_REQUEST_VALUE -> true;
                    case Kind.KIND_REPLY_VALUE -> header.cacheTtlMillis() != 0 || !flights.isEmpty();
                    case Kind.KIND_CANCEL_VALUE -> !flights.isEmpty();
                    default -> false;
                };
    }

    /**
     * Looks at a request of an agent of this host before it is forwarded.
     *
     * @param parcel one envelope
     * @param nowMicros this host's clock
     */
    public Verdict onRequest(LocalAgent requester, Parcel parcel, long nowMicros) {
        if (parcel.deliveryClass > 1 || parcel.orderingHash != 0 || parcel.destination.kind() == Destination.TOPIC) {
            return Verdict.UNSEEN;
        }
        Marks marks = marks(parcel.destination);
        if (marks == null || marks.isUseless()) {
            return Verdict.UNSEEN;
        }
        int start = parcel.offset + parcel.length - parcel.envelopeBytes;
        Envelope request = Envelopes.of(parcel.frame.bytes(), start, parcel.envelopeBytes);
        boolean isMarked = marks.has(request.getType());
        if (!isMarked && !marks.probe()) {
            return Verdict.UNSEEN;
        }
        RequestKey key = RequestKey.of(request, requester.identity().principal(), settings::counts);
        CachedReply known = isMarked ? kept.find(key) : null;
        if (known != null && requester.identity().accepts(known.content().getPayloadEncodingValue())) {
            hits.increment();
            answer(parcel, request, known);
            return Verdict.TAKEN;
        }
        if (isMarked && joins(key, parcel)) {
            coalesced.increment();
            return Verdict.TAKEN;
        }
        note(parcel, new Flight(key, parcel.destination, request.getType(), end(parcel, nowMicros), isMarked));
        return Verdict.NOTED;
    }

    /**
     * Looks at a reply before it is delivered, wherever it came from; it goes on as it is.
     *
     * @param bytes of the frame that the header was read from
     */
    public void onReply(Header header, byte[] bytes) {
        Flight flight = flights.remove(new RequestId(header.causeSession(), header.causeSequence()));
        if (flight == null) {
            if (header.cacheTtlMillis() != 0) {
                probeAgain();
            }
            return;
        }
        boolean isMarked = header.cacheTtlMillis() != 0 && header.blob() == 0;
        int start = header.envelopeOffset();
        Envelope reply = isMarked
                ? Envelopes.of(
                        Arrays.copyOfRange(bytes, start, start + header.envelopeBytes()), 0, header.envelopeBytes())
                : Envelope.getDefaultInstance();
        if (!isMarked || reply.hasError() || !isFrom(flight.destination, reply.getFrom())) {
            land(flight, null);
            return;
        }
        CachedReply fresh = CachedReply.of(reply);
        Marks marks = marks(flight.destination);
        if (marks != null) {
            marks.add(flight.type);
        }
        kept.keep(flight.key, fresh);
        land(flight, fresh);
    }

    /** Hears that a requester has given up: who waited with it must not wait for an answer that may never come. */
    public void onCancel(Header header) {
        release(header.causeSession(), header.causeSequence());
    }

    @Override
    public void onRefused(long session, long first, int count) {
        if (flights.isEmpty()) {
            return;
        }
        // Whoever says a receipt may hold a lock, and must not be called back.
        executor.execute(() -> {
            for (int i = 0; i < count; i++) {
                release(session, first + i);
            }
        });
    }

    /** Lets those go on whose request was not answered in its time, and replies go; to be called once a second. */
    public void sweep(long nowMicros) {
        kept.sweep();
        flights.forEach((id, flight) -> {
            if (flight.endMicros <= nowMicros) {
                release(id.session, id.sequence);
            }
        });
    }

    /** Returns what was counted; cheap. */
    public Stats stats() {
        return new Stats(
                hits.sum(), misses.sum(), coalesced.sum(), kept.stored(), kept.evicted(), kept.entries(), kept.bytes());
    }

    /** Forgets all replies; returns how many. */
    public long clear() {
        return kept.clear();
    }

    private @Nullable Marks marks(Destination destination) {
        Marks known = destinations.get(destination);
        if (known == null && destinations.size() >= MAX_DESTINATIONS) {
            destinations.values().removeIf(Marks::isEmpty);
        }
        if (known != null || destinations.size() >= MAX_DESTINATIONS) {
            return known;
        }
        return destinations.computeIfAbsent(destination, _ -> new Marks());
    }

    /** A reply is marked and nobody knows to what: the destination had too many others. All get another chance. */
    private void probeAgain() {
        destinations.values().forEach(Marks::probeAgain);
    }

    private void answer(Parcel request, Envelope envelope, CachedReply reply) {
        request.tell(Levels.ACCEPTED);
        writer.write(envelope, reply.content());
        // Answered is as far as it can get.
        if (request.wish > Levels.ACCEPTED) {
            request.tell(request.wish);
        }
    }

    private boolean joins(RequestKey key, Parcel parcel) {
        Flight flight = shared.get(key);
        long bytes = Waiter.bytesOf(parcel);
        if (flight == null || !budget.tryReserve(bytes)) {
            return false;
        }
        boolean waits = flight.join(Waiter.of(parcel));
        if (!waits) {
            budget.release(bytes);
        }
        return waits;
    }

    private void note(Parcel parcel, Flight flight) {
        if (flight.isShared) {
            misses.increment();
            shared.putIfAbsent(flight.key, flight);
        }
        if (flights.size() < MAX_FLIGHTS) {
            flights.put(new RequestId(parcel.session, parcel.sequence), flight);
        } else {
            land(flight, null);
        }
    }

    private static long end(Parcel parcel, long nowMicros) {
        return parcel.deadlineMicros == 0 ? nowMicros + PATIENCE_MICROS : parcel.deadlineMicros;
    }

    private void release(long session, long sequence) {
        Flight flight = flights.remove(new RequestId(session, sequence));
        if (flight != null) {
            land(flight, null);
        }
    }

    /** Ends a flight: who waited is answered, or goes its own way. */
    private void land(Flight flight, @Nullable CachedReply reply) {
        shared.remove(flight.key, flight);
        for (Waiter waiter : flight.end()) {
            budget.release(waiter.bytes());
            if (reply == null) {
                forward.accept(waiter.request());
            } else {
                answer(waiter.request(), waiter.envelope(), reply);
            }
        }
    }

    /** Whether an instance may answer what went there; who offers a capability is not known here. */
    private static boolean isFrom(Destination destination, String instance) {
        return switch (destination.kind()) {
            case Destination.AGENT -> instance.startsWith(destination.name() + "/");
            case Destination.INSTANCE -> instance.equals(destination.name());
            default -> true;
        };
    }
}
