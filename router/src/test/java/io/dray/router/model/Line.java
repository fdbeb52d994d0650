package io.dray.router.model;

import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One work stream: what the router says waits here until the schedule lets the host hear it. */
final class Line implements NodeStream {
    private static final int ROOM = 20;

    private final PlayedRouter router;
    private final PlayedHost host;
    private final Promises promises;
    private final Reference reference;
    private final Deque<Runnable> inbox = new ArrayDeque<>();
    private final Map<Long, List<AttemptKey>> reported = new HashMap<>();
    private final Set<AttemptKey> cancelled = new HashSet<>();
    private long assignmentsHeard;

    Line(PlayedRouter router, PlayedHost host, Promises promises, Reference reference) {
        this.router = router;
        this.host = host;
        this.promises = promises;
        this.reference = reference;
    }

    PlayedRouter router() {
        return router;
    }

    long assignmentsHeard() {
        return assignmentsHeard;
    }

    void reports(long number, List<AttemptKey> running) {
        reported.put(number, List.copyOf(running));
    }

    /** Lets the host hear the next word; returns whether there was one. */
    boolean hearOne() {
        Runnable next = inbox.poll();
        if (next == null) {
            return false;
        }
        if (host.isOn(this)) {
            next.run();
        }
        return true;
    }

    @Override
    public boolean hasRoom() {
        return inbox.size() < ROOM;
    }

    @Override
    public void welcome(long epoch) {
        inbox.add(host::onWelcome);
    }

    @Override
    public void assign(Assignment assignment) {
        promises.onAssigned(router, host, assignment);
        inbox.add(() -> {
            assignmentsHeard++;
            host.onAssignment(assignment);
        });
    }

    @Override
    public void cancel(List<AttemptKey> attempts) {
        cancelled.addAll(attempts);
        inbox.add(() -> host.onCancel(attempts));
    }

    @Override
    public void answer(Answer answer) {
        inbox.add(() -> host.onAnswer(answer));
    }

    @Override
    public void receipt(long eventNumber, @Nullable Error refusal) {
        promises.onReceipt(router, host, eventNumber, refusal);
        inbox.add(() -> host.onReceipt(eventNumber));
    }

    @Override
    public void cordoned(boolean cordoned) {
        // Shown to people only.
    }

    /** What the report listed is renewed, but for what the router wants stopped: it has said so before this. */
    @Override
    public void reportTaken(long number) {
        List<AttemptKey> running = reported.remove(number);
        if (running != null && router.store().isOwner()) {
            running.stream().filter(attempt -> !cancelled.contains(attempt)).forEach(reference::onHeard);
        }
    }

    @Override
    public void end(Error reason) {
        inbox.add(host::onLineEnd);
    }
}
