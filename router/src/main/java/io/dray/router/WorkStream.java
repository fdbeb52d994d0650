package io.dray.router;

import io.dray.router.dispatch.Time;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.v1.Attempt;
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
    private volatile boolean cordoned;
    private volatile boolean welcomed;

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
        welcomed = true;
        send(WorkResponse.newBuilder()
                .setWelcome(RouterWelcome.newBuilder()
                        .setVersion(Versions.ours())
                        .setRouter(terms.router())
                        .setEpoch(epoch)
                        .setLeaseMillis((int) terms.lease().toMillis())
                        .setReportMillis((int) terms.reportInterval().toMillis())
                        .setDirectoryComplete(terms.directoryComplete().getAsBoolean())
                        .setClockUnixMicros(terms.time().nowMicros())));
    }

    @Override
    public void assign(Assignment assignment) {
        send(WorkResponse.newBuilder().addAssignments(WorkMessages.assignment(assignment, terms.lease())));
    }

    @Override
    public void cancel(List<AttemptKey> attempts) {
        WorkResponse.Builder frame = WorkResponse.newBuilder();
        attempts.forEach(attempt -> frame.addCancels(WorkMessages.attempt(attempt)));
        send(frame);
    }

    /** Stops attempts whose task ids are none, by the words in which they came. */
    void stopNameless(List<Attempt> attempts) {
        send(WorkResponse.newBuilder().addAllCancels(attempts));
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
        send(WorkResponse.newBuilder().addReceipts(receipt));
    }

    @Override
    public void reportTaken(long number) {
        send(WorkResponse.newBuilder().setReportsThrough(number));
    }

    /** Before the welcome, which is the first frame, it is only remembered. */
    @Override
    public void cordoned(boolean isCordoned) {
        cordoned = isCordoned;
        if (welcomed) {
            send(WorkResponse.newBuilder());
        }
    }

    /** Each frame says it: one without the word would lift it. */
    private void send(WorkResponse.Builder frame) {
        outbound.send(frame.setCordoned(cordoned).build());
    }

    @Override
    public void end(Error reason) {
        outbound.end(reason);
    }
}
