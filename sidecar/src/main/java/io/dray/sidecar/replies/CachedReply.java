package io.dray.sidecar.replies;

import io.dray.types.v1.Envelope;

/**
 * A reply as its agent gave it, without what belongs to one request alone.
 *
 * @param content what is given again
 * @param bytes what it takes of the cache
 * @param ttlNanos how long it may be given
 */
record CachedReply(Envelope content, int bytes, long ttlNanos) {
    /** What an entry takes beside its content: key, node of the map, objects of the header. */
    private static final int ENTRY_BYTES = 512;

    private static final long NANOS_PER_MILLI = 1_000_000;

    static CachedReply of(Envelope reply) {
        Envelope content = reply.toBuilder()
                .clearTo()
                .clearSession()
                .clearSequence()
                .clearDeadlineUnixMicros()
                .clearReceipt()
                .clearOrdinal()
                .clearDeliveryClass()
                .clearHops()
                .clearOrderingKey()
                .clearConversationId()
                .clearCauseSession()
                .clearCauseSequence()
                .clearTraceparent()
                .clearTracestate()
                .clearCacheTtlMillis()
                .build();
        long ttlNanos = Integer.toUnsignedLong(reply.getCacheTtlMillis()) * NANOS_PER_MILLI;
        return new CachedReply(content, ENTRY_BYTES + content.getSerializedSize(), ttlNanos);
    }
}
