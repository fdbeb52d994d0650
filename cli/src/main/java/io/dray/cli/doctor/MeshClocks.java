package io.dray.cli.doctor;

import io.dray.cli.door.AdminPage;
import io.dray.router.v1.Node;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How far the clocks of a mesh's hosts are from the one here, by the date that their admin pages give to the second. */
final class MeshClocks {
    private static final double MILLIS_PER_SECOND = 1e3;
    /** The date is cut to the second, and the way takes time. */
    private static final Duration NOT_TOLD_APART = Duration.ofMillis(1_500);

    /** What a date that is cut to the second misses in the mean. */
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private MeshClocks() {}

    static List<Finding> look(List<Node> nodes) {
        List<Finding> findings = new ArrayList<>();
        for (Node node : nodes) {
            if (node.getConnected() && !node.getAdminAddress().isEmpty()) {
                findings.add(look(node.getNode(), node.getAdminAddress()));
            }
        }
        return findings;
    }

    static Finding look(String node, String admin) {
        String check = "clock of " + node;
        try {
            Duration ahead = ahead(node, admin);
            String seen = String.format(Locale.ROOT, "%.1f s from here", ahead.toMillis() / MILLIS_PER_SECOND);
            return ahead.abs().compareTo(NOT_TOLD_APART) <= 0
                    ? Finding.ok(check, "less than 1.5 s from here")
                    : Finding.warning(check, seen + " (expected: under 1.5 s)", "run a time service on both hosts");
        } catch (IOException e) {
            return Finding.note(
                    check,
                    "its admin page " + admin + " cannot be read from here: " + e.getMessage(),
                    "look on that host");
        }
    }

    private static Duration ahead(String node, String admin) throws IOException {
        Instant asked = Instant.now();
        HttpURLConnection connection = AdminPage.open(node, admin, "/healthz");
        try {
            long date = connection.getDate();
            if (date == 0) {
                throw new IOException("no date in its answer");
            }
            Instant here = asked.plus(Duration.between(asked, Instant.now()).dividedBy(2));
            return Duration.between(here, Instant.ofEpochMilli(date).plus(HALF_A_SECOND));
        } finally {
            connection.disconnect();
        }
    }
}
