package io.dray.cli;

import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.types.v1.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code dray request}: one request by the sidecar's unary door; prints the reply. */
@Command(
        name = "request",
        description = "Send a request to an agent and print its reply.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray request agent:indexer --type find \"sidecar window\"",
            "  dray request capability:translate --file page.txt --timeout 2m --json"
        })
final class RequestCommand implements Runnable {
    private final Console console;

    @Parameters(
            index = "0",
            paramLabel = "TO",
            converter = AddressWord.class,
            description = "agent:, capability: or instance:")
    private Address to = Address.getDefaultInstance();

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final PayloadOptions payload = new PayloadOptions();

    @Mixin
    private final DoorOptions options = new DoorOptions();

    RequestCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        RequestRequest request = RequestRequest.newBuilder()
                .setTo(to)
                .setType(payload.type())
                .setContentType(payload.contentType())
                .setPriority(payload.priority())
                .setTimeout(Protos.duration(options.timeout()))
                .putAllHeaders(payload.headers())
                .setPayload(payload.bytes(text, console))
                .build();
        try (Door door = options.open()) {
            print(door.agents(options.patience()).request(request));
        }
    }

    private void print(RequestResponse reply) {
        if (options.isJsonWanted()) {
            var node = Json.object()
                    .put("from", reply.getFrom())
                    .put("type", reply.getType())
                    .put("content_type", reply.getContentType());
            var headers = node.putObject("headers");
            reply.getHeadersMap().forEach(headers::put);
            Json.putBytes(node, "payload", reply.getPayload().toByteArray());
            Json.print(console.out(), node);
            return;
        }
        try {
            reply.getPayload().writeTo(console.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (console.interactive() && !reply.getPayload().endsWith(com.google.protobuf.ByteString.copyFromUtf8("\n"))) {
            console.out().println();
        }
        console.out().flush();
    }
}
