package io.dray.sidecar.tasks;

import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.telemetry.Meters;
import io.dray.core.testing.ManualLoop;
import io.dray.router.v1.Assignment;
import io.dray.router.v1.Attempt;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.RouterWelcome;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkerSlots;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.FakeRouter;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;

/** A task relay on a manual loop, with a played router and played workers. */
final class RelayFixture implements AutoCloseable {
    static final String WORKER = "digester/1@here";

    final ManualLoop loop = new ManualLoop();
    final String routerName = "router-" + UUID.randomUUID();
    final FakeRouter router = new FakeRouter(routerName);
    final FakeRouter other = new FakeRouter(routerName + "-other");
    final Routers routers = new Routers(List.of(routerName), FakeRouter::open);
    final FakePort port = new FakePort();
    final Meters meters = new Meters();
    final TaskRelay relay;
    private long assignments;

    RelayFixture() {
        ControlLoop control = new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7));
        NodeReporter reporter = new NodeReporter(new NodeProbe(Path.of("/")), new NoLoad(), Runnable::run);
        relay = new TaskRelay(routers, port, reporter, control, meters);
    }

    /** Starts with one worker of two slots and a router that welcomes. */
    RelayFixture up() {
        return up(0);
    }

    /** The same with a router whose ownership of the pool has a number. */
    RelayFixture up(long epoch) {
        attach(List.of());
        relay.start(new NodeIdentity("here", 1_000, "127.0.0.1:7402", "", "", Map.of("zone", "a")));
        loop.runReady();
        welcome(epoch);
        return this;
    }

    void welcome() {
        welcome(0);
    }

    private void welcome(long epoch) {
        assignments = 0;
        say(WorkResponse.newBuilder()
                .setWelcome(RouterWelcome.newBuilder()
                        .setRouter("r")
                        .setEpoch(epoch)
                        .setLeaseMillis(5_000)
                        .setReportMillis(1_000)));
    }

    void attach(List<AttemptUpdate> running) {
        port.attached.add(WORKER);
        relay.workerAttached(new WorkerInfo(WORKER, List.of("digest"), 2), running);
        loop.runReady();
    }

    void detach(boolean goodbye) {
        port.attached.remove(WORKER);
        relay.workerDetached(WORKER, goodbye);
        loop.runReady();
    }

    void say(WorkResponse.Builder frame) {
        router.work().say(frame.build());
        loop.runReady();
    }

    void assign(String task, long token) {
        assign(task, token, WORKER, 1 << 20);
    }

    void assign(String task, long token, String instance, long memoryBytes) {
        assignments++;
        say(WorkResponse.newBuilder()
                .addAssignments(Assignment.newBuilder()
                        .setNumber(assignments)
                        .setAttempt(attempt(task, token))
                        .setInstance(instance)
                        .setMemoryBytes(memoryBytes)
                        .setCapability("digest")
                        .setLeaseMillis(5_000)));
    }

    void update(String task, long token, AttemptUpdate.Builder update) {
        relay.workerUpdate(WORKER, update.setTaskId(task).setToken(token).build());
        loop.runReady();
    }

    void receipt(long number) {
        say(WorkResponse.newBuilder()
                .addReceipts(Receipt.newBuilder().setFirst(number).setLevel(ReceiptLevel.RECEIPT_LEVEL_STORED)));
    }

    void fence(long number, Error why) {
        say(WorkResponse.newBuilder()
                .addReceipts(Receipt.newBuilder()
                        .setFirst(number)
                        .setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED)
                        .setError(why)));
    }

    /** Lets time pass while the router takes each report. */
    void advanceAnswered(int seconds) {
        for (int i = 0; i < seconds; i++) {
            loop.advance(Duration.ofSeconds(1));
            takeReports();
        }
    }

    void takeReports() {
        long newest = 0;
        for (WorkRequest frame : router.work().heard()) {
            newest = Math.max(newest, frame.getReport().getNumber());
            newest = Math.max(newest, frame.getHello().getReport().getNumber());
        }
        say(WorkResponse.newBuilder().setReportsThrough(newest));
    }

    void advance(Duration by) {
        loop.advance(by);
    }

    /** Lets time pass without the relay, as SIGSTOP does. */
    void standStill(Duration by) {
        loop.clock().advance(by);
    }

    void restartRouter(Duration away) {
        router.stop();
        advance(away);
        router.start();
        advance(Duration.ofMillis(1_500));
        welcome();
    }

    /** Returns the events that this stream has heard. */
    List<AttemptEvent> events() {
        List<AttemptEvent> events = new ArrayList<>();
        router.work().heard().forEach(frame -> events.addAll(frame.getEventsList()));
        return events;
    }

    List<String> eventTexts() {
        return events().stream()
                .map(event -> event.getNumber() + " " + event.getAttempt().getTaskId() + "#"
                        + event.getAttempt().getToken() + " " + event.getEventCase())
                .toList();
    }

    /** Returns the newest frame with a report. */
    WorkRequest lastReport() {
        return router.work().heard().stream()
                .filter(WorkRequest::hasReport)
                .toList()
                .getLast();
    }

    /** Returns the worker's slots as they were told last. */
    WorkerSlots lastSlots() {
        return router.work().heard().stream()
                .flatMap(
                        frame -> Stream.concat(frame.getHello().getSlotsList().stream(), frame.getSlotsList().stream()))
                .toList()
                .getLast();
    }

    static Attempt attempt(String task, long token) {
        return Attempt.newBuilder().setTaskId(task).setToken(token).build();
    }

    @Override
    public void close() {
        relay.close();
        loop.runReady();
        routers.close();
        router.close();
        other.close();
    }

    private static final class NoLoad implements NodeLoad {
        @Override
        public int agents() {
            return 3;
        }

        @Override
        public long queuedEnvelopes() {
            return 4;
        }

        @Override
        public long queuedBytes() {
            return 500;
        }
    }
}
