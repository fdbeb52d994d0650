package io.dray.agent;

import io.dray.core.wire.MessageId;
import io.dray.types.v1.ReceiptLevel;

/** What a sender learned of a message. */
public record Receipt(MessageId id, ReceiptLevel level) {}
