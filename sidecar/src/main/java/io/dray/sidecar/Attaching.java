package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Subscription;
import io.dray.agent.v1.Welcome;
import io.dray.core.net.Connection;
import io.dray.core.telemetry.BuildInfo;
import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.Identity;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.local.SessionKeys;
import io.dray.sidecar.outbound.Forwarder;
import io.dray.sidecar.queue.Micros;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.queue.Refusals;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.sidecar.tasks.TaskRelay;
import io.dray.sidecar.tasks.WorkerInfo;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Limits;
import io.dray.types.v1.Version;
import io.dray.types.v1.Window;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Attaches agents: checks hellos, makes or resumes sessions, tells the worker side. Thread-safe.
 */
final class Attaching {
    /** An attached agent with what its stream needs. */
    record Attached(LocalAgent agent, EnvelopeDoor door, AgentFrameWriter writer, Welcome.Builder welcome) {}

    /** Feature word of those that send and take large payloads as chunks. */
    static final String CHUNKS = "chunks";

    /** Feature word of agents that map memory for large frames. */
    static final String RINGS = "rings";

    private static final String FASTER = "another attachment was faster";
    private static final long UNANSWERED_PING_NANOS = TimeUnit.SECONDS.toNanos(5);
    /** An agent shares its sidecar's host as a rule; less than this is the time that a hello took. */
    private static final long CLOCK_TOLERANCE_MICROS = TimeUnit.SECONDS.toMicros(2);

    private final Map<ScheduledExecutorService, ReadTurns> turns = new ConcurrentHashMap<>();
    private final Node node;
    private final LocalAgents agents;
    private final SessionKeys keys;
    private final Forwarder forwarder;
    private final TaskRelay tasks;
    private final RouteTimes times;
    private final RefusalCounts refusals;

    /** What is fixed about this sidecar. */
    record Node(
            String name,
            long incarnation,
            WireLimits limits,
            FrameLimits batch,
            long sourceBytes,
            Blobs blobs,
            Rings rings,
            ReplyCache replies,
            InstantSource clock) {}

    Attaching(
            Node node,
            LocalAgents agents,
            SessionKeys keys,
            Forwarder forwarder,
            TaskRelay tasks,
            RouteTimes times,
            RefusalCounts refusals) {
        this.node = node;
        this.agents = agents;
        this.keys = keys;
        this.forwarder = forwarder;
        this.tasks = tasks;
        this.times = times;
        this.refusals = refusals;
    }

    /**
     * Attaches an agent by its hello.
     *
     * @throws io.grpc.StatusRuntimeException when it is refused
     */
    Attached attach(Hello hello, Connection connection, Attachment stream) {
        HelloCheck.check(hello);
        String principal = connection.principal();
        boolean resumes = hello.getSession() != 0;
        InstanceName name = nameOf(hello);
        if (resumes && !keys.proves(hello.getSessionSecret().toByteArray(), hello.getSession(), name, principal)) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_BAD_SESSION_SECRET,
                    "the secret does not prove the session; attach with session 0 for a new one",
                    name + " session " + Long.toHexString(hello.getSession()),
                    "the session_secret of that session's Welcome, and the same user"));
        }
        Window window = hello.hasWindow() ? hello.getWindow() : null;
        LocalAgent agent = resumes ? agents.bySession(hello.getSession()) : null;
        if (agent == null) {
            agent = add(hello, name, principal);
        } else {
            agents.resubscribe(agent, hello.getSubscriptionsList());
            endFormer(agent, stream, "the session was resumed by another stream");
        }
        long attachment = agent.bind(stream, window);
        if (attachment == 0) {
            throw MeshError.toStatus(taken(name, FASTER));
        }
        var door = new EnvelopeDoor(agent, forwarder, node.limits, node.blobs, node.replies);
        door.clockOffsetMicros(clockOffset(hello));
        return new Attached(agent, door, new AgentFrameWriter(agent, attachment, times, node.batch), welcome(agent));
    }

    /** Tells the worker side, once the welcome is on its way. */
    void welcomed(Attached attached, Hello hello) {
        Identity identity = attached.agent().identity();
        if (identity.taskSlots() > 0) {
            String instance = attached.agent().instance();
            tasks.workerAttached(
                    new WorkerInfo(instance, identity.capabilities(), identity.taskSlots()), hello.getRunningList());
        }
    }

    /** Adds and removes subscriptions; a bad pattern, or too many, ends the stream. */
    void subscribe(LocalAgent agent, List<Subscription> subscriptions) {
        HelloCheck.checkSubscriptions(subscriptions);
        agents.subscribe(agent, subscriptions);
    }

    void workerUpdate(LocalAgent agent, AttemptUpdate update) {
        if (agent.identity().taskSlots() > 0) {
            tasks.workerUpdate(agent.instance(), update);
        }
    }

    /** The agent said goodbye: nothing new for it. */
    void leave(Attached attached) {
        agents.leave(attached.agent());
        if (attached.agent().identity().taskSlots() > 0) {
            tasks.workerLeaving(attached.agent().instance());
        }
    }

    /** The stream ended: the instance is awaited for a while, unless it said goodbye. */
    void detach(Attached attached, Attachment stream, boolean goodbye) {
        LocalAgent agent = attached.agent();
        if (!agent.unbind(stream)) {
            return;
        }
        gone(agent, goodbye);
        if (goodbye) {
            agents.remove(agent, Refusals.nodeLost("instance " + agent.instance() + " left"));
        }
        node.replies.onLost(agent.instance());
    }

    private void gone(LocalAgent agent, boolean goodbye) {
        if (agent.identity().taskSlots() > 0) {
            tasks.workerDetached(agent.instance(), goodbye);
        }
    }

    /** Counts a refusal that ended a stream. */
    void refused(Error error) {
        refusals.add(error.getCode());
    }

    long nowMicros() {
        return Micros.of(node.clock);
    }

    WireLimits limits() {
        return node.limits;
    }

    /** What streams on a loop share. */
    ReadTurns turns(ScheduledExecutorService loop) {
        return turns.computeIfAbsent(loop, ReadTurns::new);
    }

    Rings rings() {
        return node.rings;
    }

    long sourceBytes() {
        return node.sourceBytes;
    }

    private LocalAgent add(Hello hello, InstanceName name, String principal) {
        long session = hello.getSession() != 0 ? hello.getSession() : SessionKeys.newSession();
        var identity = new Identity(
                name,
                session,
                principal,
                hello.getCapabilitiesList(),
                hello.getLabelsMap(),
                hello.getTaskSlots(),
                new HashSet<>(hello.getAcceptEncodingsValueList()),
                true,
                hello.getVersion().getFeaturesList().contains(CHUNKS));
        LocalAgent agent = agents.add(identity, hello.getSubscriptionsList());
        if (agent != null) {
            return agent;
        }
        takeOver(name);
        agent = agents.add(identity, hello.getSubscriptionsList());
        if (agent == null) {
            throw MeshError.toStatus(taken(name, FASTER));
        }
        return agent;
    }

    /** A name is taken over only from a holder whose stream is gone or who left a ping unanswered for 5 s. */
    private void takeOver(InstanceName name) {
        LocalAgent holder = agents.table().announced(name.toString());
        if (holder == null) {
            return;
        }
        Attachment stream = holder.attachment();
        if (stream != null && stream.nanosSinceHeard() < UNANSWERED_PING_NANOS) {
            throw MeshError.toStatus(taken(name, "its holder is alive"));
        }
        Error error = taken(name, "another attachment took the name over");
        if (stream != null && holder.unbind(stream)) {
            stream.end(error);
            gone(holder, false);
        }
        if (!agents.removeAway(holder, 0, error)) {
            throw MeshError.toStatus(taken(name, "its holder came back"));
        }
    }

    @SuppressWarnings("ReferenceEquality") // another stream is meant, not an equal one
    private void endFormer(LocalAgent agent, Attachment stream, String why) {
        Attachment former = agent.attachment();
        if (former != null && former != stream && agent.unbind(former)) {
            former.end(MeshError.of(Code.CODE_NAME_TAKEN, why, agent.instance(), "one stream for each session"));
        }
    }

    private InstanceName nameOf(Hello hello) {
        String suffix = hello.getSuffix().isEmpty() ? Suffixes.random() : hello.getSuffix();
        return new InstanceName(hello.getAgent(), suffix, node.name);
    }

    private long clockOffset(Hello hello) {
        if (hello.getClockUnixMicros() == 0) {
            return 0;
        }
        long offset = nowMicros() - Micros.ofWire(hello.getClockUnixMicros());
        return Math.abs(offset) > CLOCK_TOLERANCE_MICROS ? offset : 0;
    }

    private Welcome.Builder welcome(LocalAgent agent) {
        Identity identity = agent.identity();
        byte[] secret = keys.secret(identity.session(), identity.instance(), identity.principal());
        WireLimits limits = node.limits;
        return Welcome.newBuilder()
                .setVersion(Version.newBuilder()
                        .setMajor(1)
                        .setSoftware(BuildInfo.software("sidecar"))
                        .addFeatures(CHUNKS))
                .setInstance(agent.instance())
                .setSession(identity.session())
                .setSessionSecret(ByteString.copyFrom(secret))
                .setReceivedThrough(agent.receivedThrough())
                .setLimits(Limits.newBuilder()
                        .setMaxFrameBytes(limits.maxFrameBytes())
                        .setMaxEnvelopeBytes(limits.maxEnvelopeBytes())
                        .setMaxHeaderBytes(limits.maxHeaderBytes())
                        .setMaxEnvelopesPerFrame(limits.maxEnvelopesPerFrame()))
                .setNode(node.name)
                .setPrincipal(identity.principal())
                .setIncarnation(node.incarnation)
                .setClockUnixMicros(nowMicros());
    }

    private static Error taken(InstanceName name, String why) {
        return MeshError.of(
                Code.CODE_NAME_TAKEN,
                "the instance name is taken: " + why,
                name.toString(),
                "another suffix, or none for a random one");
    }
}
