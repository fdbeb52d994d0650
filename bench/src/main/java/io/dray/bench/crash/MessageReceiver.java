package io.dray.bench.crash;

import io.dray.agent.AgentSpec;
import io.dray.bench.crash.Entry.Event;

/** Child process that writes down what it handles: {@code MessageReceiver SIDECAR LEDGERS AGENT}. */
public final class MessageReceiver {
    private MessageReceiver() {}

    /**
     * Receives until its input closes.
     *
     * @param args sidecar, folder of ledgers, agent name
     * @throws Exception when the sidecar cannot be reached
     */
    public static void main(String[] args) throws Exception {
        try (Ledger ledger = CrashAgent.ledger(args[1], args[2])) {
            AgentSpec spec = AgentSpec.named(args[2]).onMessage((message, _) -> {
                ledger.append(Event.STARTED, message.text(), "").join();
                ledger.append(Event.FINISHED, message.text(), "").join();
            });
            var _ = CrashAgent.connect(args[0], spec);
            CrashAgent.serveUntilTold();
        }
        CrashAgent.halt();
    }
}
