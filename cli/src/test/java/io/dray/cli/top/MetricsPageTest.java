package io.dray.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.Node;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsPageTest {
    @Test
    void metersAreSummedOverTheirTags() throws IOException {
        String page = """
                # HELP dray_envelopes_routed_total Envelopes routed
                # TYPE dray_envelopes_routed_total counter
                dray_envelopes_routed_total{path="local"} 40.0
                dray_envelopes_routed_total{path="remote"} 2.0
                dray_queued_envelopes 7.0
                dray_words{text="a } b"} many
                nonsense
                """;

        assertThat(MetricsPage.parse(new BufferedReader(new StringReader(page))))
                .isEqualTo(Map.of("dray_envelopes_routed_total", 42.0, "dray_queued_envelopes", 7.0));
    }

    @Test
    void ratesAreOverTheTimeBetweenAndNoneIsMadeUp() {
        Map<String, Double> before = Map.of("sent", 100.0, "begun-anew", 50.0);
        Map<String, Double> after = Map.of("sent", 300.0, "begun-anew", 10.0, "new", 5.0);

        NodeLoad load = new NodeLoad(Node.getDefaultInstance(), before, after, 2);

        assertThat(load.perSecond("sent")).hasValue(100);
        assertThat(load.perSecond("begun-anew")).isEmpty();
        assertThat(load.perSecond("new")).isEmpty();
        assertThat(load.now("new")).hasValue(5);
    }
}
