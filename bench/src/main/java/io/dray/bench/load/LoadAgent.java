package io.dray.bench.load;

import io.dray.bench.mesh.Commands;
import io.dray.bench.mesh.Tether;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process of a load: {@code LoadAgent SIDE}, which is JSON. The source answers a {@link Work} as JSON with a
 * {@link Result}, the sink {@code report EXPECTED PATIENCE_MILLIS}; both {@code gc}. Halts when its input closes, in the
 * middle of a stretch too.
 */
public final class LoadAgent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LoadAgent() {}

    /**
     * Serves one side of a load until its input closes.
     *
     * @param args the {@link Side} as JSON
     * @throws Exception when the system cannot be reached
     */
    public static void main(String[] args) throws Exception {
        Side side = JSON.readValue(args[0], Side.class);
        Commands commands = Commands.ofInput();
        if (side.sink()) {
            serveSink(side, commands);
        } else {
            serveSource(side, commands);
        }
    }

    private static void serveSink(Side side, Commands commands) throws Exception {
        List<Carrier> carriers = connect(side);
        Sink sink = new Sink(carriers.getFirst());
        for (Carrier carrier : carriers) {
            carrier.echo();
            if (side.publishes()) {
                carrier.subscribe(sink.receiver());
            } else {
                carrier.receive(Carrier.MESSAGES, sink.receiver());
            }
        }
        ready(carriers.getFirst() instanceof GrpcServerCarrier server ? server.where() : side.where());
        while (true) {
            String line = commands.next();
            String[] words = line.split(" ", -1);
            answer(
                    words[0].equals("gc")
                            ? Tether.pauses()
                            : sink.report(Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
    }

    private static void serveSource(Side side, Commands commands) throws Exception {
        List<Carrier> carriers = connect(side);
        Messages messages = new Messages(carriers.getFirst());
        Probe.untilAnswered(carriers);
        ready(side.where());
        while (true) {
            String line = commands.next();
            answer(line.equals("gc") ? Tether.pauses() : run(JSON.readValue(line, Work.class), carriers, messages));
        }
    }

    private static Result run(Work work, List<Carrier> carriers, Messages messages) throws InterruptedException {
        Payload payload = Payload.of(work.payloadBytes());
        return switch (work.kind()) {
            case CLOSED -> new Requests(carriers).closed(work, payload);
            case FLOOD -> messages.flood(work, payload);
            case OPEN -> work.replies() ? new Requests(carriers).open(work, payload) : messages.open(work, payload);
        };
    }

    private static List<Carrier> connect(Side side) throws Exception {
        List<Carrier> carriers = new ArrayList<>();
        // A gRPC server is one, however many connect to it.
        int count = side.sink() && side.system().startsWith("grpc") ? 1 : side.connections();
        for (int i = 0; i < count; i++) {
            carriers.add(connect(side, side.first() + i));
        }
        return carriers;
    }

    private static Carrier connect(Side side, int index) throws Exception {
        return switch (side.system()) {
            case "dray", "dray-virtual", "dray-at-least-once" -> DrayCarrier.connect(side, index);
            case "nats" -> NatsCarrier.connect(side, index);
            case "grpc", "grpc-bidi" -> side.sink() ? GrpcServerCarrier.listen(side) : GrpcClientCarrier.connect(side);
            default -> throw new IllegalArgumentException("system: " + side.system() + " (expected: dray, nats, grpc)");
        };
    }

    private static void ready(String where) throws IOException {
        System.out.println("READY " + JSON.writeValueAsString(Map.of("where", where)));
    }

    private static void answer(Object value) {
        System.out.println(JSON.writeValueAsString(value));
    }
}
