package io.dray.sidecar.tasks;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.Assignment;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/** The sidecar's own look at an assignment before its worker gets it. Control loop only. */
final class Admission {
    private final Assignments assignments;
    private final ControlLoop control;
    private boolean draining;
    private HostFigures figures = HostFigures.UNKNOWN;
    private long routerAheadMicros;

    Admission(Assignments assignments, ControlLoop control) {
        this.assignments = assignments;
        this.control = control;
    }

    void drain() {
        draining = true;
    }

    void onFigures(HostFigures newest) {
        figures = newest;
    }

    /** The router's clock at this moment, by which its deadlines are turned into this host's clock. */
    void onRouterClock(long unixMicros) {
        routerAheadMicros = unixMicros == 0 ? 0 : unixMicros - control.unixMicros();
    }

    /** Passes an assignment on or rejects it; true when it was rejected. */
    boolean offer(Assignment assignment) {
        AttemptKey key = AttemptKey.of(assignment.getAttempt());
        HeldAttempt same = assignments.get(key);
        if (same != null) {
            assignments.acceptAgain(same);
            return false;
        }
        HeldAttempt other = assignments.otherAttempt(key);
        if (other != null && Long.compareUnsigned(other.key.token(), key.token()) < 0) {
            assignments.fence(other);
        }
        Error refusal = refusal(assignment, key, other);
        if (refusal == null
                && assignments.accept(
                        key, assignment.getInstance(), assignment.getMemoryBytes(), toAgent(assignment))) {
            return false;
        }
        assignments.reject(key, refusal == null ? gone(assignment) : refusal);
        return true;
    }

    private @Nullable Error refusal(Assignment assignment, AttemptKey key, @Nullable HeldAttempt other) {
        if (other != null && Long.compareUnsigned(other.key.token(), key.token()) > 0) {
            return MeshError.of(
                    Code.CODE_FENCED,
                    "A newer attempt of the task runs here.",
                    Long.toUnsignedString(key.token()),
                    "token >= " + Long.toUnsignedString(other.key.token()));
        }
        if (draining) {
            return MeshError.of(Code.CODE_DRAINING, "The sidecar is shutting down.", "", "another node");
        }
        Workers.Worker worker = assignments.workers().get(assignment.getInstance());
        if (worker == null || !worker.isOpen()) {
            return gone(assignment);
        }
        int used = assignments.used(assignment.getInstance());
        if (used >= worker.info.slots()) {
            return noRoom("The worker has no free slot.", used + " in use", "less than " + worker.info.slots());
        }
        return noMemory(assignment.getMemoryBytes());
    }

    /** What tasks declare is compared with the whole host, so that a figure of a bad moment stops nothing. */
    private @Nullable Error noMemory(long memoryBytes) {
        long total = figures.totalMemoryBytes();
        long wanted = memoryBytes + assignments.declaredMemoryBytes();
        if (total > 0 && wanted > total) {
            return noRoom("The host has no memory for it.", wanted + " B declared", "at most " + total + " B");
        }
        return null;
    }

    private static Error gone(Assignment assignment) {
        return noRoom("No such worker takes tasks here.", assignment.getInstance(), "an instance of the newest slots");
    }

    private static Error noRoom(String message, String value, String expected) {
        return MeshError.of(Code.CODE_NO_ROOM, message, value, expected);
    }

    private io.dray.agent.v1.Assignment toAgent(Assignment assignment) {
        return io.dray.agent.v1.Assignment.newBuilder()
                .setAttempt(AttemptKey.of(assignment.getAttempt()).toAgent())
                .setAttemptNumber(assignment.getAttemptNumber())
                .setLeaseUntilUnixMicros(control.unixMicros() + assignment.getLeaseMillis() * 1_000L)
                .setCapability(assignment.getCapability())
                .setType(assignment.getType())
                .setCheckpoint(assignment.getCheckpoint())
                .setDeadlineUnixMicros(inLocalClock(assignment.getDeadlineUnixMicros()))
                .setContentType(assignment.getContentType())
                .setTenant(assignment.getTenant())
                .setQueue(assignment.getQueue())
                .setPrincipal(assignment.getPrincipal())
                .setPayload(assignment.getPayload())
                .build();
    }

    private long inLocalClock(long deadlineUnixMicros) {
        return deadlineUnixMicros == 0 ? 0 : deadlineUnixMicros - routerAheadMicros;
    }
}
