package io.dray.router;

import io.dray.router.balance.Balancer;
import io.dray.router.dispatch.DispatchMeters;
import io.dray.router.dispatch.DispatchSettings;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.dispatch.Retention;
import io.dray.router.dispatch.Time;
import io.dray.router.fleet.Directory;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.store.StoreThread;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of a router and what stands behind them, whatever carries their calls. Immutable; its parts are thread-safe. */
record Doors(
        Dispatcher dispatcher,
        Directory directory,
        Leadership leadership,
        OwnerLines lines,
        List<BindableService> services) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Doors.class);
    /** What each router of a pool says of itself; all other calls are for the one that owns the pool. */
    private static final Set<String> OF_EACH_ROUTER = Set.of("GetStatus", "ListAgents");

    /** A node that was not seen for so long is not waited for at a start. */
    private static final Duration REMEMBERED = Duration.ofDays(7);
    /** How often the store is asked whether it has room for new tasks. */
    private static final long LOOK_SECONDS = 1;

    /** The threads of a router: one owns the pool, one the directory, one the store; calls get one each. */
    record Threads(
            ScheduledExecutorService dispatcher, ScheduledExecutorService directory, Executor store, Executor calls) {}

    /** Where meters are made and read. */
    record Telemetry(MeterRegistry registry, Supplier<Map<String, Double>> values) {}

    /** @param routers opens a channel to another router without waiting for the connection */
    static Doors open(
            RouterConfig config,
            Store store,
            Threads threads,
            Time time,
            Telemetry telemetry,
            Function<String, ManagedChannel> routers)
            throws StoreException {
        var pool = config.pool();
        long startNanos = time.nowMicros() * 1_000;
        StoreThread storeThread = new StoreThread(store, threads.store());
        Directory directory = new Directory(
                threads.directory(),
                pool.lease(),
                pool.directoryGrace(),
                store.nodesSince(time.nowMicros() - REMEMBERED.toMillis() * 1_000),
                node -> remember(storeThread, node, time.nowMicros()));
        DispatchMeters meters = new DispatchMeters(telemetry.registry());
        Dispatcher dispatcher = new Dispatcher(
                settings(pool),
                time,
                threads.dispatcher(),
                storeThread,
                new Balancer(new SplittableRandom()),
                new SplittableRandom(),
                meters);
        OwnerLines lines = new OwnerLines(routers);
        Leadership leadership = new Leadership(config.name(), storeThread, lines, directory::onOwner);
        dispatcher.listen(leadership);
        new Retention(config.store().retention(), storeThread, threads.dispatcher(), time, meters).start();
        var _ = threads.dispatcher()
                .scheduleWithFixedDelay(storeThread::lookForRoom, 0, LOOK_SECONDS, TimeUnit.SECONDS);
        Reports reports = new Reports(time);
        Calls calls = new Calls(threads.calls());
        var workTerms =
                new WorkStream.Terms(config.name(), pool.lease(), pool.reportInterval(), directory::isComplete, time);
        var joinTerms = new JoinStream.Terms(config.name(), startNanos, pool.lease(), time);
        var identity = new AdminService.Identity(config.name(), startNanos, store::epoch, leadership::message);
        var reads = new TaskReads(dispatcher, storeThread);
        var tasks = new TaskService(dispatcher, reads, calls, time, leadership::message);
        var admin = new AdminService(identity, directory, dispatcher, reports, meters, telemetry.values(), calls);
        Forwarding forwarding = new Forwarding(config.name(), leadership, lines, telemetry.registry());
        return new Doors(
                dispatcher,
                directory,
                leadership,
                lines,
                List.of(
                        forwarding.behind(tasks, Set.of()),
                        new WorkService(dispatcher, reports, workTerms, leadership),
                        new DirectoryService(directory, joinTerms, config.mesh(), telemetry.registry()),
                        forwarding.behind(admin, OF_EACH_ROUTER),
                        forwarding.behind(
                                new StoreService(
                                        new StoreService.Terms(
                                                config.name(), config.store().retention(), time),
                                        dispatcher,
                                        storeThread,
                                        meters,
                                        calls),
                                Set.of())));
    }

    private static DispatchSettings settings(RouterConfig.Pool pool) {
        return new DispatchSettings(
                pool.lease(),
                pool.window(),
                pool.ageing(),
                pool.maxLiveTasks(),
                pool.payloadMemory().bytes());
    }

    private static void remember(StoreThread store, String node, long nowMicros) {
        var _ = store.run(open -> {
                    open.nodeSeen(node, nowMicros);
                    return node;
                })
                .exceptionally(failure -> {
                    if (failure instanceof StoreException refused && refused.kind() == StoreException.Kind.FENCED) {
                        // The router that owns the store notes it.
                        return node;
                    }
                    // The next start waits for one node less; nothing else depends on it.
                    LOGGER.atWarn().setCause(failure).addKeyValue("node", node).log("Noting a node failed");
                    return node;
                });
    }
}
