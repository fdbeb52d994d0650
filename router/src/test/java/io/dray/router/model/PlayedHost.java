package io.dray.router.model;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeFigures;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.fleet.Worker;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptEvent.What;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Progress;
import io.dray.types.v1.Code;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A host with its sidecar and workers: outlives the routers, resends what was not receipted, may be late or wrong. */
final class PlayedHost {
    private static final long GIB = 1024L * 1024 * 1024;
    private static final int TOTAL_CPU_MILLIS = 4_000;
    private static final int MAX_GHOSTS = 8;

    /** An attempt that runs here. */
    private static final class Run {
        private final AttemptKey attempt;
        private final Assignment assignment;
        private boolean started;
        private boolean parked;
        private boolean cancelWanted;
        private long questions;
        private int checkpoints;

        Run(AttemptKey attempt, Assignment assignment) {
            this.attempt = attempt;
            this.assignment = assignment;
        }

        int cpuMillis() {
            return parked
                    ? 0
                    : assignment.task().submission().spec().getResources().getCpuMillis();
        }
    }

    private final String name;
    private final List<Worker> workers;
    private final Promises promises;
    private final Reference reference;
    private final Ledger ledger;
    private final Map<AttemptKey, Run> runs = new LinkedHashMap<>();
    private final Map<Long, AttemptEvent> unreceipted = new LinkedHashMap<>();
    private final List<AttemptKey> ghosts = new ArrayList<>();
    private @Nullable Line line;
    private boolean welcomed;
    private boolean mute;
    private boolean up = true;
    private long incarnation;
    private long events;
    private long reports;

    PlayedHost(String name, List<Worker> workers, long incarnation, Stage stage) {
        this.name = name;
        this.workers = List.copyOf(workers);
        this.incarnation = incarnation;
        this.promises = stage.promises();
        this.reference = stage.reference();
        this.ledger = stage.ledger();
        workers.forEach(worker -> reference.worker(worker.instance(), worker.slots()));
    }

    String name() {
        return name;
    }

    boolean isOn(Line some) {
        return line == some;
    }

    boolean isUp() {
        return up;
    }

    /** Returns whether a router has taken it in, as far as it knows. */
    boolean isConnected() {
        return line != null && welcomed;
    }

    boolean isOnLineTo(PlayedRouter router) {
        return line != null && line.router() == router;
    }

    /** Returns whether every event has its receipt and nothing runs. */
    boolean isIdle() {
        return unreceipted.isEmpty() && runs.isEmpty();
    }

    // -- the way to the router --

    /** Opens a stream; one that it had is left as it is, or ended before. */
    void connect(PlayedRouter router, boolean endsOld) {
        if (endsOld) {
            disconnect();
        }
        Line fresh = new Line(router, this, promises, reference);
        line = fresh;
        welcomed = false;
        List<AttemptKey> running = List.copyOf(runs.keySet());
        NodeFigures figures = figures(fresh);
        fresh.reports(figures.number(), running);
        router.dispatcher().onHello(fresh, new NodeHello(name, incarnation, workers, running, Map.of(), figures));
    }

    void disconnect() {
        Line old = line;
        if (old != null) {
            old.router().dispatcher().onStreamEnd(old);
            line = null;
            welcomed = false;
        }
    }

    /** All that ran here is gone; it comes back as another incarnation. */
    void die() {
        disconnect();
        runs.keySet().forEach(this::haunt);
        runs.clear();
        unreceipted.clear();
        up = false;
    }

    void come(long newIncarnation) {
        incarnation = newIncarnation;
        reports = 0;
        mute = false;
        up = true;
    }

    void mute(boolean isMute) {
        mute = isMute;
    }

    /** Says which attempts run, which renews them. */
    void report() {
        Line now = line;
        if (now == null || !welcomed || mute) {
            return;
        }
        List<AttemptKey> running = List.copyOf(runs.keySet());
        NodeFigures figures = figures(now);
        now.reports(figures.number(), running);
        now.router().dispatcher().onFrame(now, new WorkFrame(List.of(), false, figures, running, List.of()), () -> {});
    }

    private NodeFigures figures(Line to) {
        int used = runs.values().stream().mapToInt(Run::cpuMillis).sum();
        int free = Math.max(0, TOTAL_CPU_MILLIS - used);
        return new NodeFigures(++reports, free, 8 * GIB, TOTAL_CPU_MILLIS, 8 * GIB, to.assignmentsHeard());
    }

    // -- what the router says --

    /** Hears the next word of its stream; returns whether there was one. */
    boolean hearOne() {
        Line now = line;
        return now != null && now.hearOne();
    }

    /** Hears all that was said; returns how much it was. */
    int hearAll() {
        int heard = 0;
        while (hearOne()) {
            heard++;
        }
        return heard;
    }

    void onWelcome() {
        welcomed = true;
        resend();
    }

    /** Says again all that has no receipt, in order. */
    void resend() {
        List.copyOf(unreceipted.values()).forEach(this::send);
    }

    void onLineEnd() {
        line = null;
        welcomed = false;
    }

    void onAssignment(Assignment assignment) {
        AttemptKey attempt = new AttemptKey(
                assignment.task().id(), assignment.task().attempts().token());
        runs.put(attempt, new Run(attempt, assignment));
    }

    void onCancel(Collection<AttemptKey> attempts) {
        for (AttemptKey attempt : attempts) {
            Run run = runs.get(attempt);
            if (run != null) {
                run.cancelWanted = true;
            }
        }
    }

    void onAnswer(Answer answer) {
        Run run = runs.get(answer.attempt());
        if (run != null && run.parked && answer.number() == run.questions) {
            run.parked = false;
        }
    }

    void onReceipt(long number) {
        unreceipted.remove(number);
    }

    // -- what its workers do --

    /** One worker does one thing. */
    void work(SplittableRandom random) {
        if (runs.isEmpty()) {
            return;
        }
        Run run = List.copyOf(runs.values()).get(random.nextInt(runs.size()));
        if (run.cancelWanted && random.nextInt(3) > 0) {
            end(run, new AttemptEvent.Cancelled());
        } else if (!run.started) {
            begin(run, random);
        } else if (run.parked) {
            sufferParked(run, random);
        } else {
            go(run, random);
        }
    }

    /** If it has the task, its worker tells how far it is. */
    void goOnWith(long taskId) {
        for (Run run : List.copyOf(runs.values())) {
            if (run.attempt.taskId() == taskId && run.started) {
                say(run.attempt, new AttemptEvent.Progressed(new Progress(75, "more"), ByteString.EMPTY), false);
            }
        }
    }

    private void begin(Run run, SplittableRandom random) {
        if (random.nextInt(8) == 0) {
            end(run, new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
            return;
        }
        begin(run);
        if (random.nextInt(4) > 0) {
            say(run.attempt, new AttemptEvent.Started(), random.nextBoolean());
        }
    }

    private void begin(Run run) {
        run.started = true;
        reference.onBegun(run.assignment.task(), run.attempt);
    }

    private void sufferParked(Run run, SplittableRandom random) {
        switch (random.nextInt(20)) {
            case 0 -> end(run, new AttemptEvent.Failed(MeshError.of(Code.CODE_WORKER_LOST, "it died while it waited")));
            case 1 -> end(run, succeeded(run));
            case 2 -> ask(run);
            default -> {
                // It waits.
            }
        }
    }

    private void go(Run run, SplittableRandom random) {
        switch (random.nextInt(14)) {
            case 0, 1 -> progress(run, random);
            case 2, 3, 9 -> {
                run.questions++;
                ask(run);
            }
            case 4, 5 -> end(run, new AttemptEvent.Failed(MeshError.of(Code.CODE_HANDLER_FAILED, "it threw")));
            case 6 -> end(run, new AttemptEvent.Failed(MeshError.of(Code.CODE_INVALID_REQUEST, "no retry helps")));
            case 7 -> end(run, new AttemptEvent.Failed(MeshError.of(Code.CODE_WORKER_LOST, "it died")));
            case 8 -> end(run, new AttemptEvent.Cancelled());
            default -> end(run, succeeded(run));
        }
    }

    private void progress(Run run, SplittableRandom random) {
        boolean saves = random.nextBoolean();
        ByteString checkpoint =
                saves ? ByteString.copyFromUtf8(run.attempt.token() + "/" + ++run.checkpoints) : ByteString.EMPTY;
        say(run.attempt, new AttemptEvent.Progressed(new Progress(50, "half"), checkpoint), saves);
    }

    private void ask(Run run) {
        run.parked = true;
        reference.onAsked(run.attempt);
        String question = run.attempt.taskId() + "?" + run.questions;
        say(run.attempt, new AttemptEvent.Parked(run.questions, ByteString.copyFromUtf8(question)), true);
    }

    private static What succeeded(Run run) {
        return new AttemptEvent.Succeeded(Reference.resultOf(run.attempt));
    }

    private void end(Run run, What what) {
        runs.remove(run.attempt);
        haunt(run.attempt);
        say(run.attempt, what, true);
    }

    private void haunt(AttemptKey attempt) {
        ghosts.add(attempt);
        if (ghosts.size() > MAX_GHOSTS) {
            var _ = ghosts.removeFirst();
        }
    }

    /** A worker that everybody thought dead says that it is done. */
    void haunt(SplittableRandom random) {
        if (!ghosts.isEmpty()) {
            AttemptKey any = ghosts.get(random.nextInt(ghosts.size()));
            AttemptKey ghost =
                    ghosts.stream().filter(this::isTriedAgain).findFirst().orElse(any);
            say(ghost, new AttemptEvent.Succeeded(Reference.resultOf(ghost)), true);
        }
    }

    /** Returns whether a newer attempt of the same task runs here: the worst moment to be late. */
    private boolean isTriedAgain(AttemptKey ghost) {
        return runs.keySet().stream()
                .anyMatch(other -> other.taskId() == ghost.taskId() && other.token() > ghost.token());
    }

    private void say(AttemptKey attempt, What what, boolean wantsReceipt) {
        if (what instanceof AttemptEvent.Succeeded) {
            reference.onReturned(attempt);
        }
        ledger.trace(() -> name + " says " + what.getClass().getSimpleName() + " of " + attempt);
        AttemptEvent event = new AttemptEvent(wantsReceipt ? ++events : 0, attempt, what);
        if (wantsReceipt) {
            unreceipted.put(event.number(), event);
            promises.onSaid(this, event);
        }
        send(event);
    }

    private void send(AttemptEvent event) {
        Line now = line;
        if (now != null && welcomed) {
            now.router()
                    .dispatcher()
                    .onFrame(now, new WorkFrame(List.of(), false, null, List.of(), List.of(event)), () -> {});
        }
    }

    /** Any one attempt ends well, or is not taken; returns which, null when nothing runs. */
    @Nullable
    AttemptKey endOne(SplittableRandom random, boolean isTaken) {
        if (runs.isEmpty()) {
            return null;
        }
        Run run = List.copyOf(runs.values()).get(random.nextInt(runs.size()));
        end(run, isTaken ? succeeded(run) : new AttemptEvent.Rejected(MeshError.of(Code.CODE_NO_ROOM, "no room")));
        return run.attempt;
    }

    /** The faults are over: everything that runs ends well, what waits for an answer waits. */
    void finish() {
        for (Run run : List.copyOf(runs.values())) {
            if (run.cancelWanted) {
                end(run, new AttemptEvent.Cancelled());
            } else if (!run.parked) {
                if (!run.started) {
                    begin(run);
                }
                end(run, succeeded(run));
            }
        }
        report();
    }

    /** Returns what it waits for, for people. */
    String waitsFor() {
        return name + (up ? "" : " down") + (line == null ? " alone" : "") + " runs " + runs.keySet() + " unreceipted "
                + unreceipted.keySet();
    }
}
