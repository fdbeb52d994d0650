package io.dray.cli;

import io.dray.agent.v1.PublishRequest;
import io.dray.agent.v1.PublishResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.core.wire.MessageId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray publish}: one publication by the sidecar's unary door. */
@Command(
        name = "publish",
        description = "Publish one message to a topic.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray publish build.done '{\"ok\":true}' --content-type application/json"})
final class PublishCommand implements Runnable {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "TOPIC",
            converter = MeshWord.Topic.class,
            description = "Tokens joined by dots, without wildcards.")
    private String topic = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final PayloadOptions payload = new PayloadOptions();

    @Mixin
    private final FileOption.Call file = new FileOption.Call();

    @Mixin
    private final DoorOptions options = new DoorOptions();

    PublishCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        PublishRequest request = PublishRequest.newBuilder()
                .setTopic(topic)
                .setType(payload.type())
                .setContentType(payload.contentType())
                .setPriority(payload.priority())
                .setTimeout(Protos.duration(options.timeout()))
                .putAllHeaders(payload.headers())
                .setPayload(PayloadOptions.bytes(text, console, file))
                .build();
        try (Door door = options.open()) {
            print(door.agents(options.patience()).publish(request));
        }
    }

    private void print(PublishResponse published) {
        String id = new MessageId(published.getSession(), published.getSequence()).toString();
        if (options.isJsonWanted()) {
            Json.print(console.out(), Json.object().put("id", id));
            return;
        }
        console.out().println(id + " accepted");
    }
}
