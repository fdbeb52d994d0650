package io.dray.cli;

import com.google.protobuf.ByteString;
import io.dray.agent.Message;
import io.dray.agent.v1.SendRequest;
import io.dray.agent.v1.SendResponse;
import io.dray.cli.door.Door;
import io.dray.cli.door.LargeDoor;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Address;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.ReceiptLevel;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray send}: one envelope by the sidecar's unary door. */
@Command(
        name = "send",
        description = "Send one message to an agent.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray send agent:greeter Ada --type greet",
            "  dray send capability:digest --file page.txt --type document --wait done",
            "  date | dray send greeter - --class at-least-once --wait done --timeout 5s"
        })
final class SendCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", paramLabel = "TO", converter = AddressWord.class, description = AddressWord.TO)
    private Address to = Address.getDefaultInstance();

    @Parameters(index = "1", arity = "0..1", paramLabel = "PAYLOAD", description = PayloadOptions.TEXT)
    private String text = "";

    @Mixin
    private final PayloadOptions payload = new PayloadOptions();

    @Mixin
    private final FileOption.Large file = new FileOption.Large();

    @Option(names = "--class", paramLabel = "CLASS", description = "at-most-once (default) or at-least-once.")
    private String deliveryClass = "at-most-once";

    @Option(
            names = "--wait",
            paramLabel = "LEVEL",
            description = "accepted (default; delivered where a file is over 3.9 MiB), delivered or done.")
    private Level level = Level.ACCEPTED;

    @Option(names = "--ordering-key", paramLabel = "KEY", description = "Keeps the order of messages of the same key.")
    private String orderingKey = "";

    @Option(names = "--key", paramLabel = "KEY", description = "Idempotency key.")
    private String idempotencyKey = "";

    @Mixin
    private final DoorOptions options = new DoorOptions();

    /** The levels that the first version can wait for, as the shell names them. */
    private enum Level {
        ACCEPTED(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED),
        DELIVERED(ReceiptLevel.RECEIPT_LEVEL_DELIVERED),
        DONE(ReceiptLevel.RECEIPT_LEVEL_DONE);

        private final ReceiptLevel level;

        Level(ReceiptLevel level) {
            this.level = level;
        }

        /** As completion offers it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    SendCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ByteString bytes = PayloadOptions.bytes(text, console, file);
        if (PayloadOptions.isLarge(bytes)) {
            sendLarge(bytes);
            return;
        }
        SendRequest request = SendRequest.newBuilder()
                .setTo(to)
                .setType(payload.type())
                .setContentType(payload.contentType())
                .setPriority(payload.priority())
                .setDeliveryClass(Choice.of(DeliveryClass.class, "--class", deliveryClass))
                .setWaitFor(level.level)
                .setTimeout(Protos.duration(options.timeout()))
                .setOrderingKey(orderingKey)
                .setIdempotencyKey(idempotencyKey)
                .putAllHeaders(payload.headers())
                .setPayload(bytes)
                .build();
        try (Door door = options.open()) {
            SendResponse sent = door.agents(options.patience()).send(request);
            print(new MessageId(sent.getSession(), sent.getSequence()), sent.getLevel());
        }
    }

    private void sendLarge(ByteString bytes) {
        Message message = payload.message(to, bytes)
                .deliveryClass(Choice.of(DeliveryClass.class, "--class", deliveryClass))
                .deadline(options.timeout())
                .orderingKey(orderingKey)
                .idempotencyKey(idempotencyKey);
        try (LargeDoor door = options.attach()) {
            LargeDoor.Sent sent = door.send(message, level.level);
            print(sent.id(), sent.level());
        }
    }

    private void print(MessageId sent, ReceiptLevel level) {
        String id = sent.toString();
        String reached = Choice.word(level);
        if (options.isJsonWanted()) {
            Json.print(console.out(), Json.object().put("id", id).put("level", reached));
            return;
        }
        console.out().println(id + " " + reached);
    }
}
