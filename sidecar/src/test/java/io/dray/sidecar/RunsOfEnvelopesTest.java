package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Address;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.dray.types.v1.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames of many envelopes with the same head, which go through the sidecar as runs. */
class RunsOfEnvelopesTest {
    @TempDir
    private Path folder;

    private Doors doors;
    private AgentClient sender;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
        sender = doors.agent("a");
    }

    @AfterEach
    void close() {
        doors.close();
    }

    @Test
    void arriveWholeAndInOrder() {
        AgentClient receiver = doors.agent("b");
        List<Envelope> sent = same("b", 300);

        say(sent);

        assertThat(receiver.received()).isEqualTo(sent);
        assertThat(doors.budget.used()).isZero();
    }

    @Test
    void aBadOneAmongThemIsRefusedAlone() {
        AgentClient receiver = doors.agent("b");
        List<Envelope> sent = new ArrayList<>(same("b", 100));
        Envelope good = sent.get(50);
        sent.set(50, good.toBuilder().setFrom("c/1@here").build());
        sent.set(51, sent.get(51).toBuilder().setFrom("c/1@here").build());
        sent.set(70, sent.get(70).toBuilder().setSession(1).build());

        say(sent);

        assertThat(receiver.received()).hasSize(97);
        assertThat(sender.told())
                .containsExactly("51 REFUSED FORGED_SENDER", "52 REFUSED FORGED_SENDER", "71 REFUSED FORGED_SENDER");
    }

    @Test
    void aNarrowWindowTakesThemOneByOne() {
        AgentClient receiver = doors.agent("b");
        receiver.say(window(1, 1_000_000));

        say(same("b", 40));

        assertThat(receiver.received()).hasSize(1);
        receiver.say(window(8, 1_000_000));
        assertThat(receiver.received()).hasSize(8);
        receiver.say(window(100, 1_000_000));
        assertThat(receiver.received()).hasSize(40);
    }

    @Test
    void oneOfThemMayPassTheBytesOfAWindow() {
        AgentClient receiver = doors.agent("b");
        receiver.say(window(1_000, 300));

        say(same("b", 40));

        int size = receiver.received().getFirst().getSerializedSize();
        assertThat(receiver.received()).hasSize(300 / size + 1);
    }

    @Test
    void theSenderHearsOfEachOne() {
        doors.agent("b");
        List<Envelope> sent = same("b", 20).stream()
                .map(envelope -> envelope.toBuilder()
                        .setReceipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                        .build())
                .toList();

        say(sent);

        assertThat(sender.receipts()).hasSize(1);
        assertThat(sender.receipts().getFirst())
                .isEqualTo(Receipt.newBuilder()
                        .setFirst(1)
                        .setCount(20)
                        .setLevel(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                        .build());
    }

    @Test
    void areSharedByTheInstancesOfAnAgent() {
        AgentClient one = doors.agent("b");
        AgentClient other = doors.connect();
        other.say(AttachRequest.newBuilder()
                .setHello(Doors.hello("b").setSuffix("2"))
                .build());

        say(same("b", 100));

        assertThat(one.received().size() + other.received().size()).isEqualTo(100);
        assertThat(one.received()).hasSizeGreaterThan(20);
        assertThat(other.received()).hasSizeGreaterThan(20);
    }

    @Test
    void keepTheirNumbersForTheReceiver() {
        AgentClient receiver = doors.agent("b");
        say(same("b", 10));
        Envelope wanted =
                sender.envelope("b").setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE).build();

        say(List.of(wanted));
        receiver.answer(Receipt.newBuilder().setFirst(11).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));

        assertThat(sender.told()).contains("11 DONE");
    }

    @Test
    void atLeastOnceIsAnsweredAsRuns() {
        AgentClient receiver = doors.agent("b");
        List<Envelope> sent = atLeastOnce("b", 20);

        say(sent);
        receiver.answer(Receipt.newBuilder().setFirst(1).setCount(20).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));

        assertThat(receiver.received()).isEqualTo(sent);
        assertThat(sender.receipts())
                .containsExactly(
                        run(1, 20, ReceiptLevel.RECEIPT_LEVEL_ACCEPTED),
                        run(1, 20, ReceiptLevel.RECEIPT_LEVEL_DELIVERED),
                        run(1, 20, ReceiptLevel.RECEIPT_LEVEL_DONE));
    }

    @Test
    void whatCameBeforeIsToldApartWithinARun() {
        AgentClient receiver = doors.agent("b");
        List<Envelope> sent = atLeastOnce("b", 20);
        say(sent.subList(0, 10));
        receiver.answer(Receipt.newBuilder().setFirst(1).setCount(5).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));

        say(sent);

        assertThat(receiver.received()).isEqualTo(sent);
        assertThat(sender.receipts())
                .filteredOn(receipt -> receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_DONE)
                .containsExactly(
                        run(1, 5, ReceiptLevel.RECEIPT_LEVEL_DONE), run(1, 5, ReceiptLevel.RECEIPT_LEVEL_DONE));
        receiver.answer(Receipt.newBuilder().setFirst(6).setCount(15).setLevel(ReceiptLevel.RECEIPT_LEVEL_DONE));
        assertThat(sender.receipts()).contains(run(6, 15, ReceiptLevel.RECEIPT_LEVEL_DONE));
    }

    private static Receipt run(long first, int count, ReceiptLevel level) {
        return Receipt.newBuilder()
                .setFirst(first)
                .setCount(count)
                .setLevel(level)
                .build();
    }

    private List<Envelope> atLeastOnce(String to, int count) {
        long deadline = TimeUnit.MILLISECONDS.toMicros(doors.loop.clock().millis()) + 30_000_000;
        return same(to, count).stream()
                .map(envelope -> envelope.toBuilder()
                        .setDeliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE)
                        .setOrdinal(envelope.getSequence())
                        .setDeadlineUnixMicros(deadline)
                        .setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE)
                        .build())
                .toList();
    }

    private List<Envelope> same(String to, int count) {
        return LongStream.range(0, count)
                .mapToObj(i -> sender.envelope(Address.newBuilder().setAgent(to).build())
                        .setType("same")
                        .setPayload(ByteString.copyFromUtf8("payload-" + i))
                        .build())
                .toList();
    }

    private void say(List<Envelope> envelopes) {
        sender.say(AttachRequest.newBuilder().addAllEnvelopes(envelopes).build());
    }

    private static AttachRequest window(long messages, long bytes) {
        return AttachRequest.newBuilder()
                .setWindow(Window.newBuilder().setMessages(messages).setBytes(bytes))
                .build();
    }
}
