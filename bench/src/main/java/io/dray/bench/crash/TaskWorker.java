package io.dray.bench.crash;

import io.dray.agent.AgentSpec;
import io.dray.agent.Task;
import io.dray.bench.crash.Entry.Event;
import java.util.concurrent.ThreadLocalRandom;

/** Child process that does tasks and writes them down: {@code TaskWorker SIDECAR LEDGERS NAME}. */
public final class TaskWorker {
    static final String CAPABILITY = "crash-work";
    private static final int SLOTS = 8;
    private static final int MAX_WORK_MILLIS = 20;

    private TaskWorker() {}

    /**
     * Works until its input closes.
     *
     * @param args sidecar, folder of ledgers, agent name
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        try (Ledger ledger = CrashAgent.ledger(args[1], args[2])) {
            AgentSpec spec = AgentSpec.named(args[2])
                    .capability(CAPABILITY)
                    .taskSlots(SLOTS)
                    .onTask((task, _) -> work(ledger, task));
            var _ = CrashAgent.connect(args[0], spec);
            CrashAgent.serveUntilTold();
        }
        CrashAgent.halt();
    }

    private static byte[] work(Ledger ledger, Task task) throws InterruptedException {
        ledger.append(Event.STARTED, task.text(), Long.toString(task.token())).join();
        Thread.sleep(ThreadLocalRandom.current().nextInt(MAX_WORK_MILLIS));
        ledger.append(Event.FINISHED, task.text(), task.id()).join();
        return new byte[0];
    }
}
