package io.dray.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One attachment of this process to the mesh, through the sidecar of its host. Thread-safe. It reconnects, resumes its
 * session and registers again by itself until {@link #close()}.
 *
 * <p>Futures are completed on virtual threads, so their callbacks may block; with {@link MeshConfig#inlineCallbacks()}
 * on the event loop, where they must not.
 */
public interface Mesh extends AutoCloseable {
    /**
     * Attaches under an agent name, without handlers, at the default sidecar.
     *
     * @throws MeshException UNREACHABLE when no sidecar answers, else the code of the sidecar's refusal
     */
    static Mesh connect(String agentName) {
        return connect(AgentSpec.named(agentName));
    }

    /** Attaches an agent at the default sidecar; see {@link #connect(AgentSpec, MeshConfig)}. */
    static Mesh connect(AgentSpec agent) {
        return connect(agent, MeshConfig.defaults());
    }

    /**
     * Attaches an agent. Blocks until the sidecar has welcomed it, at most {@link MeshConfig#connectTimeout()}; tries
     * again meanwhile, so that agent and sidecar may start together.
     *
     * @throws MeshException UNREACHABLE when no sidecar answers, MISSING_FIELD when an agent that handles tasks offers no
     *     capability, else the code of the sidecar's refusal
     */
    static Mesh connect(AgentSpec agent, MeshConfig config) {
        return Attachments.attach(agent, config);
    }

    /** Returns the whole name of this instance: {@code agent/suffix@node}. */
    String instance();

    /** Returns the name of the node whose sidecar this is. */
    String node();

    /**
     * Sends one message. Returns when it is in the outbox; waits while the outbox or the destination is full, until the
     * message's deadline (30 s when it has none).
     *
     * @throws MeshException MAILBOX_FULL when it would have to wait and may not ({@link OnFull#FAIL}, or on an event
     *     loop), EXPIRED when the deadline passed first, TOO_LARGE, DRAINING after close
     */
    SendHandle send(Message message);

    /**
     * Sends a request. The future holds the reply, or a {@link MeshException} with the code of the failure: EXPIRED
     * after the timeout, NODE_LOST when the sidecar went away with it, else what the mesh or the handler said.
     * Cancelling the future tells the answering agent. Waits and throws as {@link #send} does.
     */
    CompletableFuture<Message> request(Message message, Duration timeout);

    /** Sends a request with {@link MeshConfig#requestTimeout()}; see {@link #request(Message, Duration)}. */
    CompletableFuture<Message> request(Message message);

    /** Sends a request and waits for its reply; not allowed on an event loop. Throws what the future would hold. */
    Message requestBlocking(Message message, Duration timeout);

    /** Publishes to a topic: {@link #send} with the address {@code topic:...}. */
    SendHandle publish(String topic, Message message);

    /** Publishes bytes to a topic. */
    default SendHandle publish(String topic, byte[] payload) {
        return publish(topic, Message.toTopic(topic).payload(payload));
    }

    /** Subscribes to a topic pattern; every subscriber gets what is published. */
    default Subscription subscribe(String pattern, MessageHandler handler) {
        return subscribe(pattern, "", handler);
    }

    /**
     * Subscribes to a topic pattern; members of the same queue group share what is published. In force at this sidecar
     * before anything that is sent afterwards, and again after each reconnect, until the subscription is closed.
     */
    Subscription subscribe(String pattern, String queueGroup, MessageHandler handler);

    /**
     * Submits a task; returns once the router has committed it. Retries by itself, under an idempotency key, until the
     * request timeout.
     *
     * @throws MeshException the router's refusal; ROUTER_UNAVAILABLE when none answered in time
     */
    TaskHandle submit(TaskRequest task);

    /** Submits tasks in batches of at most 1,000; each batch is committed whole. Handles in the order of the list. */
    List<TaskHandle> submitAll(List<TaskRequest> tasks);

    /** Returns a handle on a task that was submitted before, by anybody of the same tenant. Asks nobody. */
    TaskHandle task(String taskId);

    /**
     * Says goodbye, waits for handlers, tasks and unfinished messages at most {@link MeshConfig#closeTimeout()}, then
     * detaches; what is unfinished then fails with DRAINING. Calling it again does nothing.
     */
    @Override
    void close();
}
