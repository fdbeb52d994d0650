package io.dray.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
    @Test
    void saysOurInfosAndOthersWarningsOnStandardError() {
        String lines = log(Logging.Format.PLAIN);

        assertThat(lines).contains("INFO", "io.dray.Some", "started", "node=\"alpha\"");
        assertThat(lines).contains("a warning").doesNotContain("noise").doesNotContain("detail");
    }

    @Test
    void writesOneJsonObjectPerLine() {
        JsonNode first = JsonMapper.shared()
                .readTree(log(Logging.Format.JSON).lines().findFirst().orElseThrow());

        assertThat(first.path("level").asString()).isEqualTo("INFO");
        assertThat(first.path("message").asString()).isEqualTo("started");
        assertThat(first.toString()).contains("alpha");
    }

    @Test
    void theTransportWritesNoStackForEachClientThatIsKilled() {
        log(Logging.Format.PLAIN);
        System.gc(); // a logger that nobody holds loses its level

        var logger = java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerHandler");
        assertThat(logger.isLoggable(java.util.logging.Level.WARNING)).isFalse();
        assertThat(logger.isLoggable(java.util.logging.Level.SEVERE)).isTrue();
    }

    private static String log(Logging.Format format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.err;
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            Logging.configure(context, format, "info");
            context.getLogger("io.dray.Some")
                    .atInfo()
                    .addKeyValue("node", "alpha")
                    .log("started");
            context.getLogger("io.dray.Some").debug("detail");
            context.getLogger("io.netty.Some").info("noise");
            context.getLogger("io.netty.Some").warn("a warning");
        } finally {
            context.stop();
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aHostWhoseNameIsUnknownLeavesNoStack() {
        Logging.configure(new LoggerContext(), Logging.Format.PLAIN, "info");

        var logger = java.util.logging.Logger.getLogger("io.grpc.internal.ManagedChannelImpl");
        assertThat(logger.isLoggable(java.util.logging.Level.WARNING)).isFalse();
    }
}
