package io.dray.agent;

/** What an agent answers to a request. */
@FunctionalInterface
public interface RequestHandler {
    /**
     * Answers one request; threads and exceptions as in {@link MessageHandler#handle}.
     *
     * @return the reply: a {@link Message} ({@link Message#content()}), a byte array, a {@code ByteString}, a protobuf
     *     message (its full name becomes the type) or text
     */
    Object handle(Message message) throws Exception;
}
