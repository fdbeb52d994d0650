package io.dray.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Logback's default on the class path of dray: warnings, where it alone would say everything at DEBUG. It is for agents
 * that are started with our jars and set up nothing; a logback.xml of theirs comes later and decides.
 */
public final class QuietLogs extends ContextAwareBase implements Configurator {
    /** For the service loader. */
    public QuietLogs() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
}
