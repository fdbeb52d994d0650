package io.dray.bench.profile;

import io.dray.bench.report.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile as a table for a terminal. Thread-safe. */
final class PurposeTable {
    private static final int PERCENT = 100;

    private PurposeTable() {}

    static void print(Profile profile, PrintStream out) {
        out.println(profile.title() + ": " + Figure.of(profile.row()));
        out.println("CPU of all processes by what it is for, %, sampled by " + profile.event());
        TextTable table = new TextTable(1);
        List<String> head = new ArrayList<>(List.of("for"));
        profile.processes().forEach(process -> head.add(process.role()));
        head.add("all");
        table.add(head);
        for (Purpose purpose : Purpose.values()) {
            if (profile.shareOf(purpose) > 0) {
                List<String> row = new ArrayList<>(List.of(purpose.title()));
                profile.processes().forEach(process -> row.add(percent(process.shareOfAll(purpose))));
                row.add(percent(profile.shareOf(purpose)));
                table.add(row);
            }
        }
        List<String> last = new ArrayList<>(List.of("all"));
        profile.processes().forEach(process -> last.add(percent(process.cpuShare())));
        last.add(percent(1));
        table.add(last);
        table.print(out);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", share * PERCENT);
    }
}
