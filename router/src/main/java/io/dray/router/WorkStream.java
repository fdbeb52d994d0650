package io.dray.router;

import io.dray.router.dispatch.Time;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.v1.RouterWelcome;
import io.dray.router.v1.WorkResponse;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The writing side of one work stream, in the contract's messages. Thread-safe; never blocks. */
final class WorkStream implements NodeStream {
    /** What every sidecar is told when it comes. Immutable. */
    record Terms(
            String router, Duration lease, Duration reportInterval, BooleanSupplier directoryComplete, Time time) {}

    private final OutboundStream<WorkResponse> outbound;
    private final Terms terms;

    WorkStream(OutboundStream<WorkResponse> outbound, Terms terms) {
        this.outbound = outbound;
        this.terms = terms;
    }

    @Override
    public boolean hasRoom() {
        return outbound.hasRoom();
    }

    @Override
    public void welcome(long epoch) {
        outbound.send(WorkResponse.newBuilder()
                .setWelcome(RouterWelcome.newBuilder()
                        .setVersion(Versions.ours())
                        .setRouter(terms.router())
                        .setEpoch(epoch)
                        .setLeaseMillis((int) terms.lease().toMillis())
                        .setReportMillis((int) terms.reportInterval().toMillis())
                        .setDirectoryComplete(terms.directoryComplete().getAsBoolean())
                        .setClockUnixMicros(terms.time().nowMicros()))
                .build());
    }

    @Override
    public void assign(Assignment assignment) {
        outbound.send(WorkResponse.newBuilder()
                .addAssignments(WorkMessages.assignment(assignment, terms.lease()))
                .build());
    }

    @Override
    public void cancel(List<AttemptKey> attempts) {
        WorkResponse.Builder frame = WorkResponse.newBuilder();
        attempts.forEach(attempt -> frame.addCancels(WorkMessages.attempt(attempt)));
        outbound.send(frame.build());
    }

    @Override
    public void answer(Answer answer) {
        outbound.send(WorkResponse.newBuilder()
                .addAnswers(WorkMessages.answer(answer))
                .build());
    }

    @Override
    public void receipt(long eventNumber, @Nullable Error refusal) {
        Receipt.Builder receipt = Receipt.newBuilder().setFirst(eventNumber).setCount(1);
        if (refusal == null) {
            receipt.setLevel(ReceiptLevel.RECEIPT_LEVEL_STORED);
        } else {
            receipt.setLevel(ReceiptLevel.RECEIPT_LEVEL_REFUSED).setError(refusal);
        }
        outbound.send(WorkResponse.newBuilder().addReceipts(receipt).build());
    }

    @Override
    public void reportTaken(long number) {
        outbound.send(WorkResponse.newBuilder().setReportsThrough(number).build());
    }

    @Override
    public void end(Error reason) {
        outbound.end(reason);
    }
}
