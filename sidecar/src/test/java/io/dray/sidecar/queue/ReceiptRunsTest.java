package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.agent.v1.AttachResponse;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.ProtoWriter;
import io.dray.types.v1.Code;
import io.dray.types.v1.Receipt;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptRunsTest {
    private final ReceiptRuns runs = new ReceiptRuns();

    @Test
    void mergesNeighboursOfInterleavedLevels() throws Exception {
        for (long sequence = 1; sequence <= 100; sequence++) {
            runs.add(7, sequence, Levels.ACCEPTED, null);
            runs.add(7, sequence, Levels.DONE, null);
        }

        List<Receipt> receipts = moved(Integer.MAX_VALUE);

        assertThat(receipts).hasSize(2).allSatisfy(receipt -> {
            assertThat(receipt.getFirst()).isEqualTo(1);
            assertThat(receipt.getCount()).isEqualTo(100);
            assertThat(receipt.getSession()).isEqualTo(7);
        });
    }

    @Test
    void keepsARefusalApartWithItsError() throws Exception {
        runs.add(7, 1, Levels.ACCEPTED, null);
        runs.add(7, 2, Levels.REFUSED, MeshError.of(Code.CODE_EXPIRED, "late"));
        runs.add(7, 3, Levels.REFUSED, MeshError.of(Code.CODE_MAILBOX_FULL, "full"));

        List<Receipt> receipts = moved(Integer.MAX_VALUE);

        assertThat(receipts)
                .extracting(receipt -> receipt.getError().getCode())
                .containsExactly(Code.CODE_UNSPECIFIED, Code.CODE_EXPIRED, Code.CODE_MAILBOX_FULL);
    }

    @Test
    void leavesWhatDoesNotFitForTheNextFrame() throws Exception {
        for (long sequence = 1; sequence <= 50; sequence++) {
            runs.add(0, sequence * 2, Levels.ACCEPTED, null);
        }

        int first = moved(100).size();
        int second = moved(Integer.MAX_VALUE).size();

        assertThat(first).isBetween(1, 49);
        assertThat(first + second).isEqualTo(50);
        assertThat(runs.size()).isZero();
    }

    @Test
    void extendsARunAfterAPartWasMoved() throws Exception {
        runs.add(0, 1, Levels.ACCEPTED, null);
        moved(Integer.MAX_VALUE);
        runs.add(0, 2, Levels.ACCEPTED, null);
        runs.add(0, 3, Levels.ACCEPTED, null);

        assertThat(moved(Integer.MAX_VALUE)).singleElement().satisfies(receipt -> {
            assertThat(receipt.getFirst()).isEqualTo(2);
            assertThat(receipt.getCount()).isEqualTo(2);
        });
    }

    private List<Receipt> moved(int maxBytes) throws Exception {
        var writer = new ProtoWriter();
        runs.moveTo(writer, AttachResponse.RECEIPTS_FIELD_NUMBER, true, maxBytes);
        return AttachResponse.parseFrom(Arrays.copyOf(writer.bytes(), writer.size()))
                .getReceiptsList();
    }
}
