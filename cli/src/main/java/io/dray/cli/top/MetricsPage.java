package io.dray.cli.top;

import io.dray.cli.door.AdminPage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads the page of meters that a sidecar or router serves. Stateless. */
final class MetricsPage {
    private MetricsPage() {}

    /**
     * Returns the meters of an admin address, each summed over its tags.
     *
     * @param node whose meters
     * @param admin host:port
     * @throws IOException when it serves no such page there
     */
    static Map<String, Double> read(String node, String admin) throws IOException {
        HttpURLConnection connection = AdminPage.open(node, admin, "/metrics");
        try (var lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            return parse(lines);
        } finally {
            connection.disconnect();
        }
    }

    /** Lines that are no meters are passed over. */
    static Map<String, Double> parse(BufferedReader lines) throws IOException {
        Map<String, Double> sums = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int blank = line.lastIndexOf(' ');
            if (blank > 0 && !line.startsWith("#")) {
                int tags = line.indexOf('{');
                String name = line.substring(0, tags < 0 ? blank : Math.min(tags, blank));
                try {
                    sums.merge(name, Double.parseDouble(line.substring(blank + 1)), Double::sum);
                } catch (NumberFormatException _) {
                    // No meter.
                }
            }
        }
        return sums;
    }
}
