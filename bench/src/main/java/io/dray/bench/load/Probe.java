package io.dray.bench.load;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the other side until it answers: agents that attached on another node are known only a moment later. */
final class Probe {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final int ANSWER_SECONDS = 2;
    private static final long PAUSE_MILLIS = 20;
    private static final int PAYLOAD_BYTES = 100;

    private Probe() {}

    /** Returns when every carrier had a reply. */
    static void untilAnswered(List<Carrier> carriers) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_NANOS;
        for (Carrier carrier : carriers) {
            while (!isAnswered(carrier)) {
                if (System.nanoTime() > giveUp) {
                    throw new IllegalStateException("the sink did not answer within 20 s");
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    private static boolean isAnswered(Carrier carrier) throws InterruptedException {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        try {
            carrier.request(new byte[PAYLOAD_BYTES], failure -> answered.complete(failure == null));
            return answered.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return false;
        }
    }
}
