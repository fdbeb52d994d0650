package io.dray.agent;

/** What an agent does with a message. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one message, on a virtual thread of its own (on the event loop with {@link AgentSpec#inlineHandlers()}).
     * Returning means DONE. A request is answered through the context, also later and from another thread.
     *
     * @throws Exception answers a request with HANDLER_FAILED, and refuses any other message with it; a
     *     {@link MeshException} gives its own error
     */
    void handle(Message message, MessageContext context) throws Exception;
}
