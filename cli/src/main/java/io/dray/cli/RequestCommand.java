package io.dray.cli;

import com.google.protobuf.ByteString;
import io.dray.agent.Message;
import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.cli.door.Door;
import io.dray.cli.door.LargeDoor;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.Json;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray request}: one request by the sidecar's unary door; prints the reply. */
@Command(
        name = "request",
        description = "Send a request to an agent and print its reply.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray request indexer --type find \"some words\"    after demo --keep",
            "  dray request capability:translate --file page.txt --timeout 2m --json",
            "  dray request agent:archive --type get report.pdf --large > report.pdf"
        })
final class RequestCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TO", converter = AddressWord.class, description = AddressWord.TO)
    private Address to = Address.getDefaultInstance();

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final PayloadOptions payload = new PayloadOptions();

    @Mixin
    private final FileOption.Large file = new FileOption.Large();

    @Option(
            names = "--large",
            description = "Attach as an agent would, which takes a reply of up to half the heap, 120 MiB, instead of"
                    + " 3.9 MiB. Implied by a --file over 3.9 MiB.")
    private boolean large;

    @Mixin
    private final DoorOptions options = new DoorOptions();

    RequestCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ByteString bytes = PayloadOptions.bytes(text, console, file);
        if (large || PayloadOptions.isLarge(bytes)) {
            requestLarge(bytes);
            return;
        }
        RequestRequest request = RequestRequest.newBuilder()
                .setTo(to)
                .setType(payload.type())
                .setContentType(payload.contentType())
                .setPriority(payload.priority())
                .setTimeout(Protos.duration(options.timeout()))
                .putAllHeaders(payload.headers())
                .setPayload(bytes)
                .build();
        try (Door door = options.open()) {
            print(door.agents(options.patience()).request(request));
        } catch (StatusRuntimeException e) {
            throw hinted(e);
        }
    }

    /** What was sent fits, so it is the reply that does not. */
    private static RuntimeException hinted(StatusRuntimeException failure) {
        Error error = MeshError.from(failure);
        return error.getCode() == Code.CODE_TOO_LARGE
                ? new CommandException(ExitCode.REFUSED, Failures.line(error) + " (see --large)", failure)
                : failure;
    }

    private void requestLarge(ByteString bytes) {
        try (LargeDoor door = options.attach()) {
            Message reply = door.request(payload.message(to, bytes), options.timeout());
            print(RequestResponse.newBuilder()
                    .setFrom(reply.from())
                    .setType(reply.type())
                    .setContentType(reply.contentType())
                    .putAllHeaders(reply.headers())
                    .setCached(reply.isCached())
                    .setPayload(reply.payload())
                    .build());
        }
    }

    private void print(RequestResponse reply) {
        if (options.isJsonWanted()) {
            var node = Json.object()
                    .put("from", reply.getFrom())
                    .put("type", reply.getType())
                    .put("content_type", reply.getContentType())
                    .put("cached", reply.getCached());
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
        if (console.interactive() && !reply.getPayload().endsWith(ByteString.copyFromUtf8("\n"))) {
            console.out().println();
        }
        console.out().flush();
    }
}
