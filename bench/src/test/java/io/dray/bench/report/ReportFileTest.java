package io.dray.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatItWrote() throws Exception {
        Report report = Reports.of(
                Reports.row(Reports.REQUEST_REPLY, Reports.DRAY, 100, 200, 900),
                Reports.row(Reports.ONE_WAY, Reports.NATS, 1_000, 2_000));
        Path file = folder.resolve("new/report.json");

        ReportFile.write(report, file);

        assertThat(ReportFile.read(file)).isEqualTo(report);
    }

    @Test
    void namesAFileThatIsNotThere() {
        Path file = folder.resolve("none.json");

        assertThatThrownBy(() -> ReportFile.read(file))
                .isInstanceOf(UnreadableReportException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("expected: a file that `dray bench run --json` wrote");
    }

    @Test
    void refusesWhatIsNoReport() throws Exception {
        for (String text :
                new String[] {"", "rows", "{}", "[]", "{\"schema\":2,\"rows\":[]}", "{\"schema\":1,\"rows\":[{}]}"}) {
            Path file = Files.writeString(folder.resolve("bad.json"), text);

            assertThatThrownBy(() -> ReportFile.read(file))
                    .as(text)
                    .isInstanceOf(UnreadableReportException.class)
                    .hasMessageContaining("bad.json");
        }
    }

    @Test
    void namesTheFieldThatARowLacks() throws Exception {
        String whole = ReportFile.json(Reports.of(Reports.row(Reports.ONE_WAY, Reports.DRAY, 1)));
        for (String field : new String[] {"suite", "scenario", "shape", "system", "path", "transport"}) {
            Path file = Files.writeString(folder.resolve("bad.json"), whole.replace("\"" + field + "\"", "\"other\""));

            assertThatThrownBy(() -> ReportFile.read(file))
                    .isInstanceOf(UnreadableReportException.class)
                    .hasMessageContaining("bad.json is no report")
                    .hasMessageContaining(field);
        }
    }
}
