package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import java.util.List;
import java.util.Locale;

/** What a demo came to, in one sentence. Stateless. */
final class DemoVerdict {
    private DemoVerdict() {}

    /** The sentence; problems are told one by one elsewhere. */
    static String line(DemoReport report, int problems) {
        if (problems > 0) {
            return String.format(
                    Locale.ROOT, "Failed: %,d %s, told above.", problems, problems == 1 ? "problem" : "problems");
        }
        String chaos =
                report.killed().isEmpty() ? "" : ", although " + killed(report.killed()) + " killed in the middle";
        return report.known()
                .map(known -> knew(report, known))
                .orElseGet(() -> String.format(
                        Locale.ROOT, "Done: %s digested exactly once%s.", filesWere(report.files()), chaos));
    }

    private static String killed(List<String> processes) {
        List<String> names = processes.stream()
                .distinct()
                .map(name -> name.equals(ClusterPlan.ROUTER) ? "the router" : name)
                .toList();
        return String.join(" and ", names) + (names.size() == 1 ? " was" : " were");
    }

    private static String filesWere(int files) {
        return files == 1 ? "the one file was" : String.format(Locale.ROOT, "each of %,d files was", files);
    }

    private static String knew(DemoReport report, Known known) {
        int anew = report.digestedAnew(known);
        String rest = anew == 0 ? "" : String.format(Locale.ROOT, " and digested the other %,d", anew);
        return String.format(
                Locale.ROOT,
                "Done: the mesh knew %,d of %,d files%s; every digest fits.",
                known.files().size(),
                report.files(),
                rest);
    }
}
