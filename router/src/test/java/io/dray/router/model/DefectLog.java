package io.dray.router.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Takes what the router logs in a run, which would drown the test's own words, and keeps the first defect: a dispatcher
 * that fails at a command goes on.
 */
final class DefectLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.dray.router");
    private final boolean wasAdditive = logger.isAdditive();
    private @Nullable String defect;

    DefectLog() {
        setContext(logger.getLoggerContext());
        start();
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        IThrowableProxy cause = event.getThrowableProxy();
        if (event.getLevel().isGreaterOrEqual(Level.ERROR) && cause != null && defect == null) {
            defect = event.getFormattedMessage() + ": " + ThrowableProxyUtil.asString(cause);
        }
    }

    @Nullable
    String defect() {
        return defect;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(wasAdditive);
        stop();
    }
}
