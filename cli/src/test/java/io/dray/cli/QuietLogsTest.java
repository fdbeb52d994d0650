package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class QuietLogsTest {
    @Test
    void logbackFindsItByItself() {
        assertThat(ServiceLoader.load(Configurator.class)).hasAtLeastOneElementOfType(QuietLogs.class);
    }

    @Test
    void itSaysWarningsUnlessALaterOneDecides() {
        var context = new LoggerContext();

        Configurator.ExecutionStatus status = new QuietLogs().configure(context);

        assertThat(status).isEqualTo(Configurator.ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.WARN);
        assertThat(context.getLogger("io.netty").isDebugEnabled()).isFalse();
    }
}
