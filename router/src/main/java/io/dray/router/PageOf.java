package io.dray.router;

import com.google.protobuf.MessageLite;
import java.util.List;
import java.util.function.Function;

/**
 * As many entries of a list as fit into one message of a client with default options; at least one if there is any.
 * Immutable.
 *
 * @param next the name of the last entry when more follow, else empty
 */
record PageOf<M extends MessageLite>(List<M> entries, String next) {
    static final int MAX_BYTES = 3 * 1024 * 1024;

    /** Cuts the start off a list, which is in the order of the names. */
    static <M extends MessageLite> PageOf<M> start(List<M> all, Function<M, String> name) {
        long bytes = 0;
        for (int i = 0; i < all.size(); i++) {
            bytes += all.get(i).getSerializedSize();
            if (i > 0 && bytes > MAX_BYTES) {
                return new PageOf<>(List.copyOf(all.subList(0, i)), name.apply(all.get(i - 1)));
            }
        }
        return new PageOf<>(List.copyOf(all), "");
    }

    /** Cuts the page that follows a name out of a list in the ascending order of the names. */
    static <M extends MessageLite> PageOf<M> after(String token, List<M> all, Function<M, String> name) {
        return start(
                all.stream()
                        .filter(entry -> name.apply(entry).compareTo(token) > 0)
                        .toList(),
                name);
    }
}
