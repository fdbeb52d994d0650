package io.dray.bench.tasks;

import io.dray.bench.load.Payload;
import io.dray.bench.load.Requester;
import io.dray.bench.load.Requests;
import io.dray.bench.load.Result;
import io.dray.bench.load.Work;
import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process that submits tasks: {@code TaskSource SIDE}, which is JSON. It answers a {@link Work} as JSON with a
 * {@link Result}: of a closed loop a task counts when its outcome is stored, of an open loop when it is itself. Answers
 * {@code gc} too. Halts when its input closes.
 */
public final class TaskSource {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What warms the code of an open loop up. */
    private static final int WARM_UP_OUTSTANDING = 64;

    private TaskSource() {}

    /**
     * Serves until its input closes.
     *
     * @param args the {@link TaskSide} as JSON
     * @throws Exception when the system cannot be reached
     */
    public static void main(String[] args) throws Exception {
        TaskSide side = JSON.readValue(args[0], TaskSide.class);
        Commands commands = Commands.ofInput();
        TaskSystem system = connect(side);
        system.prepare();
        system.settle();
        System.out.println("READY " + JSON.writeValueAsString(Map.of("where", side.where())));
        while (true) {
            String line = commands.next();
            Object answer = line.equals("gc") ? Tether.pauses() : run(JSON.readValue(line, Work.class), system);
            System.out.println(JSON.writeValueAsString(answer));
        }
    }

    private static Result run(Work work, TaskSystem system) throws InterruptedException {
        Payload payload = Payload.of(work.payloadBytes());
        Result result = switch (work.kind()) {
            case OPEN -> requests(system::submit).open(work, payload);
            case CLOSED -> closed(work, payload, system);
            case FLOOD ->
                closed(Work.closed(work.payloadBytes(), WARM_UP_OUTSTANDING).lasting(work.seconds()), payload, system);
        };
        system.settle();
        return result;
    }

    private static Result closed(Work work, Payload payload, TaskSystem system) throws InterruptedException {
        system.prepare();
        return requests(system::complete).closed(work, payload);
    }

    private static Requests requests(Requester requester) {
        return new Requests(List.of(requester));
    }

    private static TaskSystem connect(TaskSide side) throws Exception {
        return switch (side.system()) {
            case "dray" -> RouterSystem.connect(side.where());
            case "db-scheduler" -> DbSchedulerSystem.start(side.where(), false);
            case "db-scheduler-batch" -> DbSchedulerSystem.start(side.where(), true);
            case "nats" -> JetStreamSystem.connect(side.where());
            default ->
                throw new IllegalArgumentException(
                        "system: " + side.system() + " (expected: dray, db-scheduler, db-scheduler-batch, nats)");
        };
    }
}
