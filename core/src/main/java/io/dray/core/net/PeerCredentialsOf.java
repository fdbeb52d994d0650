package io.dray.core.net;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is at the other end of a Unix socket, by what the kernel says. Stateless. */
final class PeerCredentialsOf {
    private static final Logger LOG = LoggerFactory.getLogger(PeerCredentialsOf.class);
    private static final Path USERS = Path.of("/etc/passwd");

    private PeerCredentialsOf() {}

    /** Returns {@code uid:N}; empty for TCP and when the kernel does not say. */
    static String principal(Channel channel) {
        try {
            return switch (channel) {
                case EpollDomainSocketChannel unix ->
                    "uid:" + unix.peerCredentials().uid();
                case NioDomainSocketChannel unix ->
                    uid(unix).map(uid -> "uid:" + uid).orElse("");
                default -> "";
            };
        } catch (IOException e) {
            LOG.warn("a client's credentials cannot be read, so it has no principal", e);
            return "";
        }
    }

    private static Optional<String> uid(NioDomainSocketChannel channel) throws IOException {
        UnixDomainPrincipal peer = channel.config().getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
        return peer == null ? Optional.empty() : uid(peer.user().getName());
    }

    /** The JDK tells a name where the kernel told a number; it tells the number of a user without name. */
    static Optional<String> uid(String user) throws IOException {
        if (!user.isEmpty() && user.chars().allMatch(Character::isDigit)) {
            return Optional.of(user);
        }
        try (Stream<String> lines = Files.lines(USERS)) {
            return lines.map(line -> line.split(":", 4))
                    .filter(fields -> fields.length == 4 && fields[0].equals(user))
                    .map(fields -> fields[2])
                    .findFirst();
        }
    }
}
