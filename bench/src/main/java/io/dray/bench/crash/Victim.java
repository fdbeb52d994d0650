package io.dray.bench.crash;

import io.dray.bench.crash.FaultPlan.Target;
import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.mesh.PostgresServer;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;

/** A process that may meet faults. One thread at a time uses it. */
interface Victim {
    /** Who it is, and which faults it may meet. */
    Target target();

    void kill() throws IOException, InterruptedException;

    void stop() throws IOException, InterruptedException;

    void go() throws IOException, InterruptedException;

    /** Starts it, again if need be, and returns when it serves. */
    void start() throws IOException, InterruptedException;

    static Victim router(LocalMesh mesh, String name, Set<Fault> faults) {
        Target target = new Target("router", name, faults);
        return new Killable(target, () -> mesh.router(name), () -> mesh.startRouter(name));
    }

    static Victim sidecar(LocalMesh mesh, String node, Set<Fault> faults) {
        Target target = new Target("sidecar", "sidecar " + node, faults);
        return new Killable(target, () -> mesh.sidecar(node), () -> mesh.startSidecar(node));
    }

    /** The database, with all its processes. */
    static Victim database(PostgresServer server) {
        return new Victim() {
            private final Target target = new Target("database", "database", EnumSet.of(Fault.KILL));

            @Override
            public Target target() {
                return target;
            }

            @Override
            public void kill() throws IOException, InterruptedException {
                server.kill();
            }

            @Override
            public void stop() throws IOException, InterruptedException {
                server.signal("STOP");
            }

            @Override
            public void go() throws IOException, InterruptedException {
                server.signal("CONT");
            }

            @Override
            public void start() throws IOException, InterruptedException {
                server.start();
            }
        };
    }

    /** A child of the harness. */
    final class Killable implements Victim {
        /** A router that finds no database ends, and is started again as long as this, as a supervisor would. */
        private static final Duration PATIENCE = Duration.ofMinutes(5);

        private static final long PAUSE_MILLIS = 500;

        private final Target target;
        private final Supplier<Child> child;
        private final Launch launch;

        /** Starts the process and waits until it is ready. */
        interface Launch {
            void run() throws IOException;
        }

        Killable(Target target, Supplier<Child> child, Launch launch) {
            this.target = target;
            this.child = child;
            this.launch = launch;
        }

        @Override
        public Target target() {
            return target;
        }

        @Override
        public void kill() {
            child.get().kill();
        }

        @Override
        public void stop() {
            child.get().signal("STOP");
        }

        @Override
        public void go() {
            child.get().signal("CONT");
        }

        @Override
        public void start() throws IOException, InterruptedException {
            long giveUp = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                try {
                    launch.run();
                    return;
                } catch (IllegalStateException failure) {
                    child.get().kill();
                    if (System.nanoTime() > giveUp) {
                        throw failure;
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        }
    }
}
