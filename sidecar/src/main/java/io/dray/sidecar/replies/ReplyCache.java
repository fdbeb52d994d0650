package io.dray.sidecar.replies;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.Header;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.RefusalListener;
import io.dray.sidecar.queue.Destination;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Parcel;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers requests of this host's agents that were answered before: when the agent marked the reply with a time, an
 * identical request within that time gets it again, and identical ones at the same moment share one way to the agent.
 *
 * <p>What is no use costs nothing: of a destination the first requests are noted until they are answered; if no reply was
 * marked, the others pass unseen until one is. Only AT_MOST_ONCE without an ordering key is looked at, payloads that stand
 * in their envelope, and names and types of at most {@value #MAX_NAME} characters. Thread-safe; nothing is called out under a lock.
 */
public final class ReplyCache implements RefusalListener {
    private static final int MAX_DESTINATIONS = 1_024;
    private static final Duration UNUSED = Duration.ofMinutes(10);
    /** Of a destination's name and of a type; none of longer ones is kept. */
    private static final int MAX_NAME = 128;

    /** A request without a deadline is not waited for longer. */
    private static final long PATIENCE_MICROS = TimeUnit.SECONDS.toMicros(30);

    private final Settings settings;
    private final Consumer<Parcel> forward;
    private final CachedReplyWriter writer;
    private final Executor executor;
    private final LongSupplier nanoTime;
    private final KeptReplies kept;
    private final Cache<Destination, Marks> destinations;
    private final Flights flights;
    private final LongAdder hits = new LongAdder();

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

    /**
     * Creates an empty cache.
     *
     * @param forward sends a request on its way as if it had not been held
     * @param writer writes replies to the mailboxes of requesters
     * @param executor where waiting requests go on when the one they waited for was refused, lost or late
     */
    public ReplyCache(
            Settings settings,
            MemoryBudget budget,
            Consumer<Parcel> forward,
            CachedReplyWriter writer,
            ScheduledExecutorService executor,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.forward = forward;
        this.writer = writer;
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.destinations = Caffeine.newBuilder()
                .maximumSize(MAX_DESTINATIONS)
                .expireAfterAccess(UNUSED)
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .build();
        MemoryBudget.Share room = budget.share("cached replies", settings.bytes);
        this.kept = new KeptReplies(settings.bytes, room, nanoTime);
        this.flights = new Flights(room, executor, nanoTime, new Sharing());
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
        Destination destination = parcel.destination;
        boolean isPlain = parcel.deliveryClass <= 1 && parcel.orderingHash == 0;
        if (!isPlain
                || destination.kind() == Destination.TOPIC
                || destination.name().length() > MAX_NAME) {
            return Verdict.UNSEEN;
        }
        Marks marks = destinations.get(destination, _ -> new Marks());
        if (marks.isUseless()) {
            return Verdict.UNSEEN;
        }
        int start = parcel.offset + parcel.length - parcel.envelopeBytes;
        Envelope request = Envelopes.of(parcel.frame.bytes(), start, parcel.envelopeBytes);
        boolean isMarked = marks.has(request.getType());
        if (request.getType().length() > MAX_NAME || (!isMarked && !marks.probe())) {
            return Verdict.UNSEEN;
        }
        RequestKey key = RequestKey.of(request, requester.identity().principal(), settings::counts);
        CachedReply known = isMarked ? kept.find(key) : null;
        if (known != null && accepts(requester, known) && answer(parcel, request, known)) {
            hits.increment();
            return Verdict.TAKEN;
        }
        long end = parcel.deadlineMicros == 0 ? nowMicros + PATIENCE_MICROS : parcel.deadlineMicros;
        if (isMarked && known == null && flights.join(key, requester, parcel, end, nowMicros)) {
            return Verdict.TAKEN;
        }
        flights.open(parcel, key, request.getType(), end, isMarked);
        return Verdict.NOTED;
    }

    /**
     * Looks at a reply before it is delivered, wherever it came from; it goes on as it is.
     *
     * @param bytes of the frame that the header was read from
     */
    public void onReply(Header header, byte[] bytes) {
        Flight flight = flights.close(header.causeSession(), header.causeSequence());
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
            flights.land(flight, null);
            return;
        }
        CachedReply fresh = CachedReply.of(reply);
        destinations.get(flight.destination, _ -> new Marks()).add(flight.type, flight.ageNanos(nanoTime.getAsLong()));
        keep(flight, fresh);
        flights.land(flight, fresh);
    }

    /** Hears that a requester has given up: who waits with it must not wait for an answer that may never come. */
    public void onCancel(Header header) {
        if (header.session() == header.causeSession()) {
            flights.cancel(header.causeSession(), header.causeSequence());
        }
    }

    /**
     * Hears that an agent's stream ended: whoever waits for a reply that it may owe waits no more. To be called when
     * nothing is delivered to it any more.
     */
    public void onLost(String instance) {
        flights.lost(destination -> isFrom(destination, instance));
    }

    @Override
    public void onRefused(long session, long first, int count) {
        if (flights.isEmpty()) {
            return;
        }
        // Whoever says a receipt may hold a lock, and must not be called back.
        executor.execute(() -> {
            for (int i = 0; i < count; i++) {
                flights.release(session, first + i);
            }
        });
    }

    /** Lets those go on whose request was not answered in its time, and replies go; to be called once a second. */
    public void sweep(long nowMicros) {
        kept.sweep();
        destinations.cleanUp();
        flights.sweep(nowMicros);
    }

    /** Returns what was counted; cheap. */
    public Stats stats() {
        return new Stats(
                hits.sum(),
                flights.misses(),
                flights.coalesced(),
                kept.stored(),
                kept.evicted(),
                kept.entries(),
                kept.bytes());
    }

    /** Forgets all replies, those too that are on their way; returns how many were there. */
    public long clear() {
        flights.forget();
        return kept.clear();
    }

    /** A reply is marked and nobody knows to what: the destination had too many others. All get another chance. */
    private void probeAgain() {
        destinations.asMap().values().forEach(Marks::probeAgain);
    }

    /** Keeps a reply, unless all were to be forgotten since it was asked for. */
    private void keep(Flight flight, CachedReply reply) {
        if (!flights.isCurrent(flight)) {
            return;
        }
        kept.keep(flight.key, reply);
        if (!flights.isCurrent(flight)) {
            kept.forget(flight.key);
        }
    }

    private static boolean accepts(LocalAgent requester, CachedReply reply) {
        return requester.identity().accepts(reply.content().getPayloadEncodingValue());
    }

    /** Answers a request if its requester has room for the reply. */
    private boolean answer(Parcel request, Envelope envelope, CachedReply reply) {
        if (!writer.write(envelope, reply.content())) {
            return false;
        }
        request.tell(Levels.ACCEPTED);
        // Answered is as far as it can get.
        if (request.wish > Levels.ACCEPTED) {
            request.tell(request.wish);
        }
        return true;
    }

    /** Whether an instance may answer what went there; who offers a capability is not known here. */
    private static boolean isFrom(Destination destination, String instance) {
        return switch (destination.kind()) {
            case Destination.AGENT -> instance.startsWith(destination.name() + "/");
            case Destination.INSTANCE -> instance.equals(destination.name());
            default -> true;
        };
    }

    /** How those are served that wait for another's reply. */
    private final class Sharing implements Flights.Owner {
        @Override
        public boolean answer(Waiter waiter, CachedReply reply) {
            return accepts(waiter.requester(), reply)
                    && ReplyCache.this.answer(waiter.request(), waiter.envelope(), reply);
        }

        @Override
        public void forward(Parcel request) {
            forward.accept(request);
        }

        @Override
        public long patienceNanos(Flight flight) {
            Marks marks = destinations.getIfPresent(flight.destination);
            return marks == null ? 0 : marks.patienceNanos(flight.type);
        }
    }
}
