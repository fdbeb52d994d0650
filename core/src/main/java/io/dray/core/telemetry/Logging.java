package io.dray.core.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up Logback in code, to stderr: without it Netty logs at DEBUG. Call once, first thing in a main class. */
public final class Logging {
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{20} %msg %kvp%n";

    /**
     * gRPC logs by java.util.logging: a stack for each client that is killed or sends too much, and for each host whose
     * name is unknown, which its status says as well. Held here, since that framework forgets loggers nobody refers to.
     */
    private static final List<java.util.logging.Logger> SILENCED = Stream.of(
                    "io.grpc.netty", "io.grpc.internal.ManagedChannelImpl")
            .map(java.util.logging.Logger::getLogger)
            .toList();

    /** How lines look. */
    public enum Format {
        /** For people. */
        PLAIN,
        /** One JSON object per line. */
        JSON
    }

    private Logging() {}

    /** Sets up by {@code DRAY_LOG_FORMAT} (plain, json) and {@code DRAY_LOG_LEVEL}; plain and info by default. */
    public static void setUp() {
        Map<String, String> environment = System.getenv();
        Format format =
                environment.getOrDefault("DRAY_LOG_FORMAT", "plain").equals("json") ? Format.JSON : Format.PLAIN;
        setUp(format, environment.getOrDefault("DRAY_LOG_LEVEL", "info"));
    }

    /** Sets the format and the level of our own classes: trace, debug, info, warn or error; others say warnings. */
    public static void setUp(Format format, String level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            configure(context, format, level);
        }
    }

    /** Changes the level of our own classes, at once. */
    public static void setLevel(LogLevel level) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("io.dray").setLevel(Level.toLevel(level.name()));
        }
    }

    static void configure(LoggerContext context, Format format, String level) {
        SILENCED.forEach(logger -> logger.setLevel(java.util.logging.Level.SEVERE));
        context.reset();
        Encoder<ILoggingEvent> encoder = encoder(context, format);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        // A stack for each connection that a database ends; the router says the same in one line.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        context.getLogger("io.dray").setLevel(Level.toLevel(level.toUpperCase(Locale.ROOT), Level.INFO));
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case PLAIN -> {
                PatternLayoutEncoder plain = new PatternLayoutEncoder();
                plain.setPattern(PATTERN);
                yield plain;
            }
            case JSON -> new JsonEncoder();
        };
        encoder.setContext(context);
        return encoder;
    }
}
