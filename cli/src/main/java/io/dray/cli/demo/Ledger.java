package io.dray.cli.demo;

import io.dray.router.v1.Task;
import io.dray.router.v1.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The comparison of what was to be digested with what was: every file has one entry in the index with its SHA-256,
 * bytes and lines, and one task of its own that SUCCEEDED; there are no other entries and tasks. A task of an earlier
 * demo on the same mesh serves all files of its content. Immutable.
 *
 * @param digested files for which all that is true
 * @param attempts of all tasks but earlier ones
 * @param tasksByNode those of them that succeeded, by the node of their last attempt
 * @param problems one line for each file or task that breaks the rule; empty when the ledger is exact
 */
record Ledger(int digested, long attempts, Map<String, Integer> tasksByNode, List<String> problems) {
    /** One entry of the index. */
    record Entry(String file, String taskId, String node, PlainFile figures, String language) {}

    boolean isExact() {
        return problems.isEmpty();
    }

    /**
     * Compares.
     *
     * @param earlier ids of tasks that had ended before the work began
     */
    static Ledger compare(
            Map<String, PlainFile> expected,
            List<Entry> index,
            List<Task> tasks,
            Set<String> earlier,
            List<String> nodes) {
        Map<String, Task> tasksById = new HashMap<>();
        tasks.forEach(task -> tasksById.put(task.getTaskId(), task));
        Map<String, Entry> entries = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (Entry entry : index) {
            Entry other = entries.put(entry.file(), entry);
            if (other != null) {
                problems.add(entry.file() + ": digested twice");
            }
            if (!expected.containsKey(entry.file())) {
                problems.add(entry.file() + ": digested, but the walk of the folder did not find it");
            }
        }
        Map<String, String> filesByTask = new HashMap<>();
        int digested = 0;
        for (var file : expected.entrySet()) {
            String problem = problem(file.getKey(), file.getValue(), entries, tasksById, filesByTask, earlier);
            if (problem.isEmpty()) {
                digested++;
            } else {
                problems.add(file.getKey() + ": " + problem);
            }
        }
        List<Task> own = tasks.stream()
                .filter(task -> !earlier.contains(task.getTaskId()))
                .toList();
        own.stream()
                .filter(task -> !filesByTask.containsKey(task.getTaskId()))
                .forEach(task -> problems.add(describe(task) + " belongs to no digested file"));
        long attempts = own.stream().mapToLong(Task::getAttempts).sum();
        return new Ledger(digested, attempts, byNode(own, nodes), List.copyOf(problems));
    }

    private static String problem(
            String file,
            PlainFile expected,
            Map<String, Entry> entries,
            Map<String, Task> tasksById,
            Map<String, String> filesByTask,
            Set<String> earlier) {
        Entry entry = entries.get(file);
        if (entry == null) {
            return "not digested (it vanished or became unreadable, or its task did not succeed)";
        }
        String other = filesByTask.putIfAbsent(entry.taskId(), file);
        if (other != null && !earlier.contains(entry.taskId())) {
            return "shares task " + entry.taskId() + " with " + other;
        }
        String sha256 = entry.figures().sha256();
        if (!sha256.equals(expected.sha256())) {
            return "SHA-256 " + sha256 + " (expected: " + expected.sha256() + "; did the file change?)";
        }
        if (!entry.figures().equals(expected)) {
            return "%d bytes and %d lines (expected: %d and %d)"
                    .formatted(entry.figures().bytes(), entry.figures().lines(), expected.bytes(), expected.lines());
        }
        Task task = tasksById.get(entry.taskId());
        if (task == null) {
            return "the router does not know its task " + entry.taskId();
        }
        return task.getState() == TaskState.TASK_STATE_SUCCEEDED ? "" : describe(task);
    }

    private static String describe(Task task) {
        String state = task.getState().name().replaceFirst("^TASK_STATE_", "");
        String why = task.hasError() ? ": " + task.getError().getMessage() : "";
        return "task %s is %s after %d attempts%s".formatted(task.getTaskId(), state, task.getAttempts(), why);
    }

    private static Map<String, Integer> byNode(List<Task> tasks, List<String> nodes) {
        Map<String, Integer> counts = new TreeMap<>();
        nodes.forEach(node -> counts.put(node, 0));
        tasks.stream()
                .filter(task -> task.getState() == TaskState.TASK_STATE_SUCCEEDED)
                .forEach(task -> counts.merge(task.getNode(), 1, Integer::sum));
        return counts;
    }
}
