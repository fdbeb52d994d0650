package io.dray.core.net;

import io.netty.channel.epoll.Epoll;
import java.util.List;

/** How sockets are served: by Linux's epoll, or by the JDK's selectors as the fallback. */
public enum Transport {
    /** Netty's native epoll. */
    EPOLL,
    /** The JDK's NIO. */
    NIO;

    /** What a configuration may say: {@link #parse}. */
    public static final List<String> WORDS = List.of("auto", "epoll", "nio");

    /** Returns epoll where it works, else NIO. */
    public static Transport auto() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Returns the transport of a configuration word: {@code auto}, {@code epoll} or {@code nio}. */
    public static Transport parse(String word) {
        return switch (word) {
            case "auto" -> auto();
            case "epoll" -> EPOLL;
            case "nio" -> NIO;
            default -> throw new IllegalArgumentException("transport: " + word + " (expected: auto, epoll or nio)");
        };
    }

    /** Returns why epoll cannot be used; empty when it can. */
    public static String whyNotEpoll() {
        Throwable cause = Epoll.unavailabilityCause();
        return cause == null ? "" : cause.toString();
    }

    /** Returns the word that shows it: {@code epoll} or {@code nio}. */
    public String word() {
        return this == EPOLL ? "epoll" : "nio";
    }
}
