package io.dray.cli;

import io.dray.agent.v1.SubscribeRequest;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Durations;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Envelope;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray subscribe}: prints what is published, one line each, until it is stopped. */
@Command(
        name = "subscribe",
        description = "Print what is published to topics, as it comes.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray subscribe 'build.>'",
            "  dray subscribe orders.* --group billing --json",
            "  dray subscribe build.finished --count 1 --timeout 1m"
        })
final class SubscribeCommand implements Runnable {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final int UNLIMITED = -1;

    private final Console console;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATTERN",
            converter = MeshWord.Pattern.class,
            description = "Topic; * is one token, > the rest.")
    private List<String> patterns = List.of();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            converter = MeshWord.Name.class,
            description = "Share with the other members of a queue group.")
    private String group = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            converter = CountWord.class,
            description = "Stop after N messages (default: never).")
    private int count = UNLIMITED;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Give up after this time (default: never).")
    private Duration timeout = FOREVER;

    @Mixin
    private final SidecarOption sidecar = new SidecarOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    SubscribeCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        SubscribeRequest request = SubscribeRequest.newBuilder()
                .addAllPatterns(patterns)
                .setQueueGroup(group)
                .build();
        try (Door door = sidecar.open()) {
            print(door.agents(timeout).subscribe(request));
        }
    }

    private void print(Iterator<SubscribeResponse> responses) {
        long left = count == UNLIMITED ? Long.MAX_VALUE : count;
        while (left > 0 && responses.hasNext()) {
            SubscribeResponse response = responses.next();
            if (response.getSubscribed()) {
                console.err().println("subscribed to " + String.join(", ", patterns));
            }
            for (Envelope envelope : response.getEnvelopesList()) {
                if (left > 0) {
                    print(envelope);
                    console.checkWritten();
                    left--;
                }
            }
        }
    }

    private void print(Envelope envelope) {
        String topic = envelope.getTo().getTopic();
        if (!json.wanted()) {
            console.out()
                    .println(topic + " " + Table.printable(envelope.getPayload().toStringUtf8()));
            console.out().flush();
            return;
        }
        var node = Json.object()
                .put("topic", topic)
                .put("from", envelope.getFrom())
                .put("id", new MessageId(envelope.getSession(), envelope.getSequence()).toString())
                .put("type", envelope.getType())
                .put("content_type", envelope.getContentType());
        envelope.getHeadersMap().forEach(node.putObject("headers")::put);
        Json.putBytes(node, "payload", envelope.getPayload().toByteArray());
        Json.printLine(console.out(), node);
    }
}
