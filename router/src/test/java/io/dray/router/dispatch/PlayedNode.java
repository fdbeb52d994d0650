package io.dray.router.dispatch;

import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A sidecar as the test plays it: says what it is told to and keeps what it hears. */
final class PlayedNode implements NodeStream {
    static final long GIB = 1024L * 1024 * 1024;

    private final Dispatcher dispatcher;
    private final String name;
    private final long incarnation;
    private final List<Assignment> allAssignments;
    private final List<Assignment> assignments = new ArrayList<>();
    private final List<AttemptKey> cancels = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Map<Long, @Nullable Error> receipts = new LinkedHashMap<>();
    private final List<Long> reportsTaken = new ArrayList<>();
    private long welcomedInEpoch;
    private @Nullable Error ended;
    private Map<String, String> labels = Map.of();
    private boolean cordoned;
    private boolean room = true;
    private long reports;
    private long events;

    PlayedNode(Dispatcher dispatcher, List<Assignment> allAssignments, String name, long incarnation) {
        this.dispatcher = dispatcher;
        this.allAssignments = allAssignments;
        this.name = name;
        this.incarnation = incarnation;
    }

    /** Joins with one worker on four free cores and 8 GiB. */
    PlayedNode join(String capability, int slots, AttemptKey... running) {
        return join(List.of(worker("w", capability, slots)), 4_000, running);
    }

    PlayedNode join(List<Worker> workers, int cpuMillis, AttemptKey... running) {
        dispatcher.onHello(
                this,
                new NodeHello(name, incarnation, workers, List.of(running), labels, figures(cpuMillis, cpuMillis)));
        return this;
    }

    Worker worker(String agent, String capability, int slots) {
        return new Worker(agent + "/1@" + name, List.of(capability), slots);
    }

    private NodeFigures figures(int free, int total) {
        return new NodeFigures(++reports, free, 8 * GIB, total, 8 * GIB, assignments.size());
    }

    void report(AttemptKey... running) {
        report(4_000, running);
    }

    void report(int freeCpuMillis, AttemptKey... running) {
        frame(new WorkFrame(List.of(), false, figures(freeCpuMillis, 4_000), List.of(running), List.of()));
    }

    /** Says what happened and returns the event's number. */
    long event(AttemptKey attempt, AttemptEvent.What what) {
        event(++events, attempt, what);
        return events;
    }

    void event(long number, AttemptKey attempt, AttemptEvent.What what) {
        frame(new WorkFrame(List.of(), false, null, List.of(), List.of(new AttemptEvent(number, attempt, what))));
    }

    private void frame(WorkFrame frame) {
        dispatcher.onFrame(this, frame, () -> {});
    }

    /** Carries these labels from its next join on. */
    PlayedNode labelled(Map<String, String> words) {
        labels = words;
        return this;
    }

    boolean isCordoned() {
        return cordoned;
    }

    @Override
    public void cordoned(boolean isCordoned) {
        cordoned = isCordoned;
    }

    void leave() {
        dispatcher.onStreamEnd(this);
    }

    void setRoom(boolean hasRoom) {
        room = hasRoom;
    }

    List<Assignment> assignments() {
        return assignments;
    }

    /** Returns the newest attempt that was assigned. */
    AttemptKey newest() {
        var task = assignments.getLast().task();
        return new AttemptKey(task.id(), task.attempts().token());
    }

    List<AttemptKey> cancels() {
        return cancels;
    }

    Map<Long, @Nullable Error> receipts() {
        return receipts;
    }

    List<Long> reportsTaken() {
        return reportsTaken;
    }

    long welcomedInEpoch() {
        return welcomedInEpoch;
    }

    @Nullable
    Error ended() {
        return ended;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public void welcome(long epoch) {
        welcomedInEpoch = epoch;
    }

    @Override
    public void assign(Assignment assignment) {
        assignments.add(assignment);
        allAssignments.add(assignment);
    }

    @Override
    public void cancel(List<AttemptKey> attempts) {
        cancels.addAll(attempts);
    }

    List<Answer> answers() {
        return answers;
    }

    @Override
    public void answer(Answer answer) {
        answers.add(answer);
    }

    @Override
    public void receipt(long eventNumber, @Nullable Error refusal) {
        receipts.put(eventNumber, refusal);
    }

    @Override
    public void reportTaken(long number) {
        reportsTaken.add(number);
    }

    @Override
    public void end(Error reason) {
        ended = reason;
    }
}
