package io.dray.cli.top;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Reads the page of meters that a sidecar or router serves. Stateless. */
final class MetricsPage {
    private static final int TIMEOUT_MILLIS = 2_000;

    private MetricsPage() {}

    /**
     * Returns the meters of an admin address, each summed over its tags.
     *
     * @param admin host:port
     * @throws IOException when nobody serves such a page there
     */
    static Map<String, Double> read(String admin) throws IOException {
        var connection = (HttpURLConnection)
                URI.create("http://" + admin + "/metrics").toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
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
