package io.dray.bench.profile;

import io.dray.bench.mesh.ThreadTime;
import io.dray.bench.profile.Profile.OneProcess;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The profiles of goals as tables in Markdown. Thread-safe. */
final class GoalTable {
    private static final int PERCENT = 100;

    private GoalTable() {}

    /**
     * Makes the tables.
     *
     * @param profiles by the name of their goal; others are left out
     * @param folder where their pages are, as links from the file that holds the table
     */
    static String of(Map<String, Profile> profiles, String folder) {
        List<Goal> known = Goal.all().stream()
                .filter(goal -> profiles.containsKey(goal.name()))
                .toList();
        StringBuilder table = new StringBuilder();
        origin(profiles).ifPresent(table::append);
        table.append("\n| profile | goal | seen under the profiler | CPU by process, % |\n|---|---|---|---|\n");
        known.forEach(goal -> table.append(summary(goal, profile(profiles, goal), folder)));
        table.append("\nCPU of all processes by what it is for, %:\n\n").append(purposes(known, profiles));
        table.append("\nHow long threads waited for a core that was taken, us for each time they ran (times/s):\n\n")
                .append(
                        "| profile | event loops | generator | JIT: % of one core | GC pauses ms/s |\n|---|---|---|---|---|\n");
        known.forEach(goal -> table.append(waits(goal, profile(profiles, goal))));
        return table.toString();
    }

    private static Profile profile(Map<String, Profile> profiles, Goal goal) {
        Profile profile = profiles.get(goal.name());
        if (profile == null) {
            throw new IllegalArgumentException("goal: " + goal.name() + " (expected: one that was profiled)");
        }
        return profile;
    }

    private static Optional<String> origin(Map<String, Profile> profiles) {
        return profiles.values().stream()
                .max(Comparator.comparing(Profile::started))
                .map(last -> String.format(
                        Locale.ROOT,
                        "The last by `%s`, started %s, revision `%s`, on %s, %d cores, %s, kernel %s, %s."
                                + " Sampled by `%s`.%n",
                        last.command(),
                        last.started(),
                        last.revision(),
                        last.machine().cpu(),
                        last.machine().cores(),
                        last.machine().os(),
                        last.machine().kernel(),
                        last.machine().jvm(),
                        last.event()));
    }

    private static String summary(Goal goal, Profile profile, String folder) {
        String processes = profile.processes().stream()
                .map(process -> process.role() + " " + percent(process.cpuShare()))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| [%s](%s/%s.html) | %s | %s | %s |%n",
                goal.name(),
                folder,
                goal.name(),
                goal.goal(),
                Figure.of(profile.row()),
                processes);
    }

    private static String purposes(List<Goal> goals, Map<String, Profile> profiles) {
        StringBuilder table = new StringBuilder("| for |");
        goals.forEach(goal -> table.append(' ').append(goal.name()).append(" |"));
        table.append("\n|---|").append("---|".repeat(goals.size())).append('\n');
        for (Purpose purpose : Purpose.values()) {
            table.append("| ").append(purpose.title()).append(" |");
            goals.forEach(goal -> table.append(' ')
                    .append(percent(profile(profiles, goal).shareOf(purpose)))
                    .append(" |"));
            table.append('\n');
        }
        return table.toString();
    }

    private static String waits(Goal goal, Profile profile) {
        double seconds = profile.row().windows().getFirst().seconds();
        double jitMs = threads(profile)
                .filter(ThreadTime::isCompiler)
                .mapToDouble(ThreadTime::ranMs)
                .sum();
        Double pauses = profile.row().cost().gcPauseMs();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s |%n",
                goal.name(),
                waited(threads(profile).filter(thread -> thread.thread().matches(".*(-loop-|dray-agent-).*")), seconds),
                waited(
                        profile.processes().stream()
                                .filter(process -> process.role().equals("source"))
                                .flatMap(process -> process.threads().stream())
                                .filter(thread -> thread.thread().equals("java")),
                        seconds),
                percent(jitMs / 1_000 / seconds),
                pauses == null ? "" : String.format(Locale.ROOT, "%.1f", pauses / seconds));
    }

    private static Stream<ThreadTime> threads(Profile profile) {
        List<ThreadTime> threads = new ArrayList<>();
        for (OneProcess process : profile.processes()) {
            threads.addAll(process.threads());
        }
        return threads.stream();
    }

    private static String waited(Stream<ThreadTime> threads, double seconds) {
        List<ThreadTime> some = threads.toList();
        long slices = some.stream().mapToLong(ThreadTime::slices).sum();
        double waited = some.stream().mapToDouble(ThreadTime::waitedMs).sum();
        return slices == 0
                ? ""
                : String.format(Locale.ROOT, "%,.0f (%,.0f)", waited * 1_000 / slices, slices / seconds);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f", share * PERCENT);
    }
}
