package io.dray.bench.tasks;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.messaging.Bed;
import io.dray.bench.messaging.BedStarter;
import io.dray.bench.messaging.OtherSystems;
import io.dray.bench.messaging.Part;
import io.dray.bench.messaging.Scenario;
import io.dray.bench.messaging.ServerProgram;
import io.dray.bench.messaging.SidecarMeters;
import io.dray.bench.report.Contender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the bed of any contender: of Dray a router, a sidecar, an agent that works and a client that submits to the
 * router; of db-scheduler the database and the application that has it inside; of NATS its server and a client.
 *
 * @param postgres shared by those that keep tasks there; null when none of them is measured
 * @param settings of all our sidecars, such as {@code loops=2}
 */
record TaskBeds(@Nullable Postgres postgres, List<String> settings) implements BedStarter {
    static final Contender SQLITE = new Contender("dray", "local", "tcp");
    static final Contender POSTGRES = new Contender("dray-postgres", "local", "tcp");
    static final Contender DB_SCHEDULER = new Contender("db-scheduler", "local", "tcp");
    static final Contender DB_SCHEDULER_BATCH = new Contender("db-scheduler-batch", "local", "tcp");
    static final Contender NATS = new Contender("nats", "local", "tcp");

    static final String NODE = "a";
    private static final int SLOTS = 512;
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    TaskBeds {
        settings = List.copyOf(settings);
    }

    @Override
    public Bed start(Scenario scenario, Contender contender, Path folder) throws IOException, InterruptedException {
        Bed bed = new Bed(scenario, contender, Files.createDirectories(folder));
        try {
            switch (contender.system()) {
                case "nats" -> nats(bed);
                case "db-scheduler", "db-scheduler-batch" -> dbScheduler(bed);
                default -> dray(bed);
            }
            return bed;
        } catch (IOException | InterruptedException | RuntimeException e) {
            bed.close();
            throw e;
        }
    }

    private void dray(Bed bed) throws IOException {
        LocalMesh mesh = new LocalMesh(bed.folder(), "auto");
        if (bed.contender().equals(POSTGRES)) {
            mesh.set("router", inPostgres(nextSchema()));
            bed.add(database().part(), () -> {});
        }
        mesh.startRouter();
        bed.add(Part.jvm("router", mesh.router()), mesh.router());
        mesh.set(NODE, sidecar());
        mesh.startSidecar(NODE);
        Child sidecar = mesh.sidecar(NODE);
        bed.add(Part.jvm("sidecar-" + NODE, sidecar), sidecar);
        bed.read(new SidecarMeters(List.of(mesh.tcp(NODE))));
        TaskSide.Offer offer = new TaskSide.Offer(RouterSystem.CAPABILITY, SLOTS, 0);
        bed.startAgent("sink", TaskWorkers.class, new TaskSide("dray", mesh.socket(NODE), List.of(offer)));
        bed.startAgent("source", TaskSource.class, TaskSide.source("dray", mesh.routerAddress()));
    }

    private void dbScheduler(Bed bed) throws IOException {
        bed.add(database().part(), () -> {});
        String url = database().urlWithLogin(nextSchema());
        bed.startAgent(
                "source", TaskSource.class, TaskSide.source(bed.contender().system(), url));
    }

    private static void nats(Bed bed) throws IOException, InterruptedException {
        int port = ServerProgram.freePort();
        List<String> command = List.of(
                OtherSystems.program("nats").toString(),
                "--addr",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--jetstream",
                "--store_dir",
                bed.folder().resolve("jetstream").toString());
        ServerProgram server = ServerProgram.start("nats-server", command, Map.of(), bed.folder());
        bed.add(Part.tree("server", server.child(), server.pid()), server.child());
        server.awaitPort(port);
        bed.startAgent("source", TaskSource.class, TaskSide.source("nats", "nats://127.0.0.1:" + port));
    }

    /** Settings of a router that keeps its tasks in the shared database. */
    String[] inPostgres(String schema) {
        return database().routerSettings(schema).toArray(String[]::new);
    }

    /** Settings of a sidecar. */
    String[] sidecar() {
        return settings.toArray(String[]::new);
    }

    /** Each bed has tables of its own. */
    private static String nextSchema() {
        return "bench_" + SCHEMAS.incrementAndGet();
    }

    private Postgres database() {
        if (postgres == null) {
            throw new IllegalStateException("PostgreSQL was not started");
        }
        return postgres;
    }
}
