package io.dray.sidecar.tasks;

import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.telemetry.Meters;
import io.dray.router.v1.Assignment;
import io.dray.router.v1.NodeHello;
import io.dray.router.v1.NodeReport;
import io.dray.router.v1.RouterWelcome;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkServiceGrpc;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.Leader;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.RouterStream;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Error;
import io.dray.types.v1.Version;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes assignments from the router to the workers of this host and their outcomes back, over one stream that comes
 * back by itself. Public methods may be called by any thread; everything else runs on the control loop.
 */
public final class TaskRelay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRelay.class);
    private static final int MAJOR = 1;
    /** Leases are looked at so often, and end here earlier by so much. */
    private static final Duration LEASE_CHECK = Duration.ofMillis(250);
    /** While the owner changes, two routers may name each other for a moment. */
    private static final Duration BETWEEN_ROUTERS = Duration.ofMillis(50);

    private final NodeReporter reporter;
    private final ControlLoop control;
    private final RouterChoice choice;
    private final EventLog events = new EventLog();
    private final Renewals renewals = new Renewals();
    private final Assignments assignments;
    private final Admission admission;
    private final Backlog backlog;
    private final RouterStream<WorkRequest, WorkResponse> stream;
    private final LongAdder accepted;
    private final LongAdder rejected;
    private final LongAdder leasesLost;
    private @Nullable NodeIdentity identity;
    private HostFigures figures = HostFigures.UNKNOWN;
    private Duration reportEvery = Duration.ofSeconds(1);
    private long lastAssignment;
    private long assignmentsBeforeSample;
    private long countedThrough;
    private boolean slotsDue;
    private boolean reportDue;
    private boolean flushing;
    private boolean cordoned;
    private volatile boolean up;
    private volatile boolean closed;

    public TaskRelay(Routers routers, WorkerPort port, NodeReporter reporter, ControlLoop control, Meters meters) {
        this.reporter = reporter;
        this.control = control;
        this.choice = new RouterChoice(routers);
        this.assignments = new Assignments(port, events, control, new Due());
        this.admission = new Admission(assignments, control);
        this.backlog = new Backlog(control.nanos());
        this.stream = new RouterStream<>(
                routers, choice::endpoint, choice::hasOthers, WorkServiceGrpc.getWorkMethod(), control, new Work());
        String assigned = "Assignments that came from the router";
        routers.follow(this::onLeader);
        this.accepted = meters.counter("dray_task_assignments", assigned, "result", "accepted");
        this.rejected = meters.counter("dray_task_assignments", assigned, "result", "rejected");
        this.leasesLost = meters.counter("dray_task_leases_lost", "Attempts whose lease ran out here");
        meters.gauge("dray_task_attempts", "Attempts that this node holds", assignments::count);
        meters.gauge("dray_task_events_kept", "Events that the router has not confirmed", events::size);
        meters.gauge("dray_task_router_up", "Whether a router answers on the work stream", () -> up ? 1 : 0);
    }

    /** Starts the work stream; called once. */
    public void start(NodeIdentity self) {
        control.execute(() -> {
            identity = self;
            if (choice.isPossible()) {
                // The first hello carries figures too, so the stream waits for them.
                reporter.sample(first -> control.execute(() -> onFirstFigures(first)));
            }
        });
    }

    /** Whether the router answers on the work stream now. */
    public boolean isUp() {
        return up;
    }

    /** Takes no assignment from now on; what runs goes on. */
    public void drain() {
        control.execute(() -> {
            admission.drain();
            assignments.drain();
        });
    }

    /** A worker attached, with the attempts that live in it and the outcomes it still holds. */
    public void workerAttached(WorkerInfo worker, List<AttemptUpdate> running) {
        List<AttemptUpdate> alive = List.copyOf(running);
        control.execute(() -> assignments.attach(worker, alive));
    }

    /** A worker said goodbye and is still attached: it gets nothing new. */
    public void workerLeaving(String instance) {
        control.execute(() -> assignments.leave(instance));
    }

    /** A worker said something of an attempt; updates of one attempt come in order. */
    public void workerUpdate(String instance, AttemptUpdate update) {
        control.execute(() -> assignments.update(instance, update));
    }

    /**
     * A worker's stream ended; not to be called for a stream that a newer one of the instance has replaced already.
     *
     * @param goodbye true when it left by its own will: what it held is failed at once
     */
    public void workerDetached(String instance, boolean goodbye) {
        control.execute(() -> assignments.detach(instance, goodbye));
    }

    @Override
    public void close() {
        closed = true;
        control.execute(() -> {
            flush();
            stream.close();
            up = false;
        });
    }

    private void onLeader(Leader leader) {
        if (choice.learn(leader)) {
            stream.turn("another router owns the pool", Duration.ZERO);
        }
    }

    private void onFirstFigures(HostFigures first) {
        onFigures(first);
        if (!closed) {
            stream.start();
            checkLeasesLater();
            reportLater();
        }
    }

    private void onFigures(HostFigures newest) {
        figures = newest;
        admission.onFigures(newest);
        // CPU is measured between two samples: only what was assigned before the earlier one is in it wholly.
        countedThrough = assignmentsBeforeSample;
        assignmentsBeforeSample = lastAssignment;
    }

    private void reportLater() {
        control.later(reportEvery, () -> {
            if (!closed) {
                reporter.sample(newest -> control.execute(() -> report(newest)));
                reportLater();
            }
        });
    }

    private void report(HostFigures newest) {
        onFigures(newest);
        reportDue = true;
        flush();
    }

    private void checkLeasesLater() {
        control.later(LEASE_CHECK, () -> {
            if (!closed) {
                lookForStandstill();
                assignments.lapse(control.nanos() + LEASE_CHECK.toNanos());
                checkLeasesLater();
            }
        });
    }

    /** After one a report goes out at once: what the router assigned before it took that one may be others' by now. */
    private void lookForStandstill() {
        if (backlog.look(control.nanos())) {
            reportDue = true;
            flushSoon();
        }
    }

    private void offer(Assignment assignment) {
        lastAssignment = assignment.getNumber();
        boolean refused = admission.offer(assignment);
        (refused ? rejected : accepted).increment();
        reportDue |= refused;
        slotsDue |= refused;
    }

    /** Sends soon, so that what happens in one turn of the loop leaves in one frame. */
    private void flushSoon() {
        if (!flushing) {
            flushing = true;
            control.execute(() -> {
                flushing = false;
                flush();
            });
        }
    }

    private void flush() {
        while (stream.isReady() && (slotsDue || reportDue || events.isDue())) {
            WorkRequest.Builder frame = WorkRequest.newBuilder();
            if (slotsDue) {
                slotsDue = false;
                frame.addAllSlots(assignments.slots()).setSlotsComplete(true);
            }
            if (reportDue) {
                reportDue = false;
                Set<AttemptKey> running = assignments.running();
                running.forEach(key -> frame.addRunning(key.toRouter()));
                frame.setReport(nextReport(running));
            }
            events.fill(frame);
            stream.send(frame.build());
        }
    }

    private NodeReport nextReport(Set<AttemptKey> running) {
        NodeReport report = reporter.report(figures, countedThrough);
        renewals.onSent(report.getNumber(), control.nanos(), running);
        backlog.onReport(report.getNumber());
        return report;
    }

    /** What assignments want to be sent. */
    private final class Due implements Assignments.Outbound {
        @Override
        public void onEvents() {
            flushSoon();
        }

        @Override
        public void onSlots() {
            slotsDue = true;
            flushSoon();
        }

        @Override
        public void onLeaseLost() {
            leasesLost.increment();
        }
    }

    /** The conversation with the router. */
    private final class Work implements RouterStream.Owner<WorkRequest, WorkResponse> {
        @Override
        public List<WorkRequest> hello() {
            events.onStream();
            lastAssignment = 0;
            assignmentsBeforeSample = 0;
            countedThrough = 0;
            slotsDue = false;
            reportDue = false;
            Set<AttemptKey> running = assignments.running();
            NodeHello.Builder hello = NodeHello.newBuilder()
                    .setVersion(Version.newBuilder().setMajor(MAJOR))
                    .addAllSlots(assignments.slots())
                    .setReport(nextReport(running))
                    .setClockUnixMicros(control.unixMicros());
            running.forEach(key -> hello.addRunning(key.toRouter()));
            if (identity != null) {
                hello.setNode(identity.node())
                        .setIncarnation(identity.incarnation())
                        .putAllLabels(identity.labels());
            }
            return List.of(WorkRequest.newBuilder().setHello(hello).build());
        }

        @Override
        public void onFrame(WorkResponse frame) {
            lookForStandstill();
            if (frame.hasWelcome()) {
                onWelcome(frame.getWelcome());
            }
            if (!frame.getLeader().isEmpty() && !frame.getLeader().equals(choice.endpoint())) {
                choice.follow(frame.getLeader());
                stream.turn("another router owns the pool", BETWEEN_ROUTERS);
                return;
            }
            renewals.onTaken(frame.getReportsThrough(), assignments::renew);
            frame.getReceiptsList().forEach(assignments::onReceipt);
            backlog.onTaken(frame.getReportsThrough()).forEach(TaskRelay.this::offer);
            frame.getAssignmentsList().stream()
                    .filter(assignment -> !backlog.keep(assignment))
                    .forEach(TaskRelay.this::offer);
            frame.getCancelsList().forEach(attempt -> {
                backlog.cancel(AttemptKey.of(attempt));
                assignments.cancel(AttemptKey.of(attempt));
            });
            frame.getAnswersList().forEach(assignments::answer);
            onCordoned(frame.getCordoned());
            flush();
        }

        private void onWelcome(RouterWelcome welcome) {
            up = true;
            choice.onWelcome(welcome.getEpoch());
            admission.onRouterClock(welcome.getClockUnixMicros());
            if (welcome.getLeaseMillis() > 0) {
                assignments.setLease(welcome.getLeaseMillis());
            }
            if (welcome.getReportMillis() > 0) {
                reportEvery = Duration.ofMillis(welcome.getReportMillis());
            }
            LOG.atInfo()
                    .addKeyValue("router", welcome.getRouter())
                    .addKeyValue("epoch", welcome.getEpoch())
                    .log("Work stream is up");
        }

        private void onCordoned(boolean now) {
            if (now != cordoned) {
                cordoned = now;
                LOG.info(now ? "The router gives this node nothing new" : "The router gives this node work again");
            }
        }

        @Override
        public void onReady() {
            flush();
        }

        @Override
        public void onEnded(Error why) {
            up = false;
            renewals.onStreamEnded();
            backlog.onStreamEnded();
            choice.onEnded();
            LOG.atInfo().addKeyValue("code", why.getCode()).log("Work stream ended: {}", why.getMessage());
        }
    }
}
