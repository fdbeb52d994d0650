package io.dray.cli.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file that has others like it. Immutable.
 *
 * @param group a name that all files of its group have and no others
 * @param likeness to the one that is most like it; 1 is the same
 */
record LikeFile(String file, String group, double likeness) {

    /** The groups, greatest first. */
    static List<List<LikeFile>> groups(List<LikeFile> files) {
        Map<String, List<LikeFile>> groups = new TreeMap<>();
        files.forEach(file ->
                groups.computeIfAbsent(file.group(), _ -> new ArrayList<>()).add(file));
        return groups.values().stream()
                .sorted((one, other) -> Integer.compare(other.size(), one.size()))
                .toList();
    }

    /**
     * What a plain walk knows for certain: files with the same content, if any, are in one group, and a group
     * has two files at least.
     *
     * @return one line for each file that breaks the rule
     */
    static List<String> problems(Map<String, PlainFile> expected, List<LikeFile> files) {
        Map<String, String> groups = new HashMap<>();
        files.forEach(file -> groups.put(file.file(), file.group()));
        List<String> problems = new ArrayList<>();
        Map<String, String> firstByHash = new HashMap<>();
        expected.forEach((file, figures) -> {
            String first = figures.bytes() == 0 ? null : firstByHash.putIfAbsent(figures.sha256(), file);
            if (first != null && !groups.getOrDefault(file, "").equals(groups.getOrDefault(first, "no group"))) {
                problems.add(file + ": not among the near-duplicates of " + first
                        + " (expected: one group, as their contents are the same)");
            }
        });
        groups(files).stream()
                .filter(group -> group.size() < 2)
                .forEach(group -> problems.add(group.getFirst().file() + ": alone in a group of near-duplicates"));
        return problems;
    }
}
