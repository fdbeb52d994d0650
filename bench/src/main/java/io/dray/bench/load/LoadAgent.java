package io.dray.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectMapper;

/**
 * Child process of a load: {@code LoadAgent SYSTEM WHERE source|sink}. The sink echoes requests and counts messages;
 * the source answers {@code request-reply OUTSTANDING SECONDS} and {@code one-way SECONDS}, the sink {@code report}.
 */
public final class LoadAgent {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LoadAgent() {}

    /**
     * Serves one side of a load until its input closes.
     *
     * @param args system (nats), address of it, and which side this is
     * @throws Exception when the system cannot be reached
     */
    public static void main(String[] args) throws Exception {
        boolean sink = args[2].equals("sink");
        try (Carrier carrier = connect(args[0], args[1], sink);
                BufferedReader commands =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            if (sink) {
                serveSink(carrier, commands);
            } else {
                serveSource(carrier, commands);
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static Carrier connect(String system, String where, boolean sink) throws Exception {
        return switch (system) {
            case "dray" -> DrayCarrier.connect(where, sink, true);
            case "dray-virtual" -> DrayCarrier.connect(where, sink, false);
            case "nats" -> NatsCarrier.connect(where);
            default -> throw new IllegalArgumentException("system: " + system + " (expected: dray, nats)");
        };
    }

    private static void serveSink(Carrier carrier, BufferedReader commands) throws IOException {
        OneWaySink sink = new OneWaySink(carrier);
        carrier.echo();
        System.out.println("READY {}");
        while (commands.readLine() != null) {
            System.out.println(JSON.writeValueAsString(sink.report()));
        }
    }

    private static void serveSource(Carrier carrier, BufferedReader commands) throws Exception {
        OneWaySource source = new OneWaySource(carrier);
        System.out.println("READY {}");
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("request-reply")) {
                RequestReply load = new RequestReply(carrier, Integer.parseInt(words[1]));
                System.out.println(JSON.writeValueAsString(load.run(Integer.parseInt(words[2]))));
            } else {
                System.out.println("{\"sent\":" + source.run(Integer.parseInt(words[1])) + "}");
            }
        }
    }
}
